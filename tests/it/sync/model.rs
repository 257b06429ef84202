//! Random histories of edits on both sides, faults of the ERP and kills of the engine, held against a model
//! that knows nothing of how the engine works.

use std::collections::BTreeMap;

use gleichlauf::clock::{MINUTE, SECOND};
use gleichlauf::crm::RecordId;
use gleichlauf::sync::failpoint::{Failpoints, Operation, Point};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::setting::{CUSTOMER, Setting};
use crate::support::database::is_postgres;
use crate::support::unruly_erp::{Fault, broken_off};

const RECORDS: usize = 3;
const FIELDS: [(&str, &str); 2] = [("PHONE", "phone"), ("EMAIL", "email")];

#[derive(Clone, Debug)]
enum Step {
    EditCrm { record: usize, field: usize, value: u8 },
    EditErp { record: usize, field: usize, value: u8 },
    Run(Trouble),
}

#[derive(Clone, Debug)]
enum Trouble {
    None,
    /// The next calls of these operations: nothing done, or done and the answer lost.
    Faults(Vec<(usize, bool)>),
    /// Only so many actors of the batch are written.
    Partly(usize),
    Killed(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let edit = || (0..RECORDS, 0..FIELDS.len(), 0..4u8);
    let trouble = prop_oneof![
        Just(Trouble::None),
        prop::collection::vec((0..3usize, any::<bool>()), 1..4).prop_map(Trouble::Faults),
        (0..RECORDS).prop_map(Trouble::Partly),
        (0..12usize).prop_map(Trouble::Killed),
    ];
    let step = prop_oneof![
        3 => edit().prop_map(|(record, field, value)| Step::EditCrm { record, field, value }),
        3 => edit().prop_map(|(record, field, value)| Step::EditErp { record, field, value }),
        2 => trouble.prop_map(Step::Run),
    ];
    prop::collection::vec(step, 1..16)
}

/// What both sides hold, what they last agreed on, and what the history has to say: by record and field.
#[derive(Default)]
struct Model {
    agreed: BTreeMap<(usize, usize), String>,
    crm: BTreeMap<(usize, usize), String>,
    erp: BTreeMap<(usize, usize), String>,
    log: Vec<String>,
    conflicts: usize,
}

impl Model {
    fn new() -> Self {
        let places = (0..RECORDS).flat_map(|r| (0..FIELDS.len()).map(move |f| (r, f)));
        let start: BTreeMap<_, _> = places.map(|place| (place, "v0".to_owned())).collect();
        Self { agreed: start.clone(), crm: start.clone(), erp: start, ..Self::default() }
    }

    /// The CRM wins conflicts.
    fn run(&mut self) {
        for (place, agreed) in &mut self.agreed {
            let (crm, erp) = (self.crm.get_mut(place).unwrap(), self.erp.get_mut(place).unwrap());
            let field = FIELDS[place.1].1;
            let (by_crm, by_erp) = (crm != agreed, erp != agreed);
            if crm != erp && by_crm {
                self.conflicts += usize::from(by_erp);
                self.log.push(format!("{field}: {erp} > {crm} (erp)"));
                erp.clone_from(crm);
            } else if crm != erp {
                self.log.push(format!("{field}: {crm} > {erp} (crm)"));
                crm.clone_from(erp);
            }
            agreed.clone_from(crm);
        }
    }
}

async fn play(it: &Setting, case: usize, steps: &[Step]) -> Result<(), TestCaseError> {
    let key = |record: usize| format!("C{case}-{record}");
    let mut records: Vec<RecordId> = Vec::new();
    let mut links = Vec::new();
    for record in 0..RECORDS {
        let name = format!("Firm {case}-{record}");
        let erp = [("NAME", name.as_str()), ("PHONE", "v0"), ("EMAIL", "v0")];
        it.erp.put(CUSTOMER, &key(record), &erp);
        let crm = [("name", name.as_str()), ("phone", "v0"), ("email", "v0")];
        records.push(it.company(&crm).await);
        links.push(it.connect(records[record], CUSTOMER, &key(record)).await);
    }
    let (rows, conflicts) = (it.log().len(), it.history("conflict").len());
    let mut model = Model::new();
    for step in steps.iter().chain([&Step::Run(Trouble::None)]) {
        match step {
            Step::EditCrm { record, field, value } => {
                let value = format!("v{value}");
                it.edit(records[*record], FIELDS[*field].1, &value).await;
                model.crm.insert((*record, *field), value);
            }
            Step::EditErp { record, field, value } => {
                let value = format!("v{value}");
                it.erp.put(CUSTOMER, &key(*record), &[(FIELDS[*field].0, &value)]);
                model.erp.insert((*record, *field), value);
            }
            Step::Run(trouble) => {
                run(it, trouble).await;
                model.run();
                for ((record, field), value) in &model.crm {
                    let (erp, crm) = FIELDS[*field];
                    prop_assert_eq!(&it.crm(records[*record], crm).await, value);
                    prop_assert_eq!(&it.erp.get(CUSTOMER, &key(*record), erp), value);
                }
                let (mut log, mut expected) = (it.log().split_off(rows), model.log.clone());
                log.sort();
                expected.sort();
                prop_assert_eq!(log, expected);
                prop_assert_eq!(it.history("conflict").len() - conflicts, model.conflicts);
            }
        }
    }
    for link in links {
        it.engine.disconnect(&super::setting::anna(), link).await.unwrap();
    }
    Ok(())
}

/// Something goes wrong in the middle of a run; then time passes, and whoever is there goes on.
async fn run(it: &Setting, trouble: &Trouble) {
    let mut killed = None;
    match trouble {
        Trouble::None => {}
        Trouble::Faults(faults) => {
            for (operation, is_done) in faults {
                let operation = ["since", "save", "actors"][*operation];
                let fault = if *is_done { Fault::After } else { Fault::Before };
                it.erp.fail(operation, fault(broken_off()));
            }
        }
        Trouble::Partly(limit) => it.erp.fail("save", Fault::Partly(*limit)),
        Trouble::Killed(number) => {
            let is_of_run = |Point(operation, _): &Point| {
                matches!(operation, Operation::Poll | Operation::Save)
            };
            killed = Point::all().into_iter().filter(is_of_run).nth(*number);
        }
    }
    it.clock.advance(15 * MINUTE);
    if let Some(point) = killed {
        let (failpoints, stop) = Failpoints::standing_still(point);
        let engine = it.other_engine(failpoints).await;
        tokio::select! {
            () = it.finish(&engine) => {}
            () = stop.reached() => {}
        }
    }
    it.finish(&it.engine).await;
    it.erp.heal();
    for _ in 0..6 {
        it.clock.advance(11 * SECOND);
        it.finish(&it.engine).await;
    }
    it.run().await;
}

#[test]
fn random_histories_end_as_the_model_says() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let it = runtime.block_on(Setting::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    // The engine is the same on both databases; the second one is to show that its statements are, too.
    let cases = cases.unwrap_or(if is_postgres() { 25 } else { 100 });
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let case = std::cell::Cell::new(0);
    let outcome = runner.run(&steps(), |steps| {
        case.set(case.get() + 1);
        runtime.block_on(async {
            it.erp.heal();
            play(&it, case.get(), &steps).await
        })
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"));
}
