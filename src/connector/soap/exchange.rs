//! One connector's wire: learns its form, and carries requests and answers in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Response;

use super::envelope::{Answered, Payload, read_answer, write_request};
use super::fault::{is_fault, open_body, read_fault};
use super::http::{Http, Limits, is_html, is_xml, read, status_failure};
use super::input::Caps;
use super::payload::Fields;
use super::wire::{SERVICE, action};
use super::writer::Writer;
use super::wsdl;
use super::xml::{Xml, not_understood};
use crate::connector::Answer;
use crate::connector::failure::Failure;
use crate::connector::operation::Operation;
use crate::connector::patience::Patience;
use crate::connector::policy::AddressPolicy;
use crate::connector::types::{FieldInfo, WireForm};

/// One connector's address with its HTTP pool and the form it was found to speak.
pub struct Endpoint {
    http: Http,
    form: Mutex<Option<Arc<WireForm>>>,
    learning: tokio::sync::Mutex<()>,
}

/// Writes a request's members.
pub type Members<'a> = Option<&'a (dyn Fn(&mut Writer) + Send + Sync)>;

impl Endpoint {
    pub fn new(address: &str, policy: &Arc<AddressPolicy>) -> Result<Self, Failure> {
        let http = Http::new(address, policy)?;
        Ok(Self { http, form: Mutex::default(), learning: tokio::sync::Mutex::default() })
    }

    pub fn known_form(&self) -> Option<Arc<WireForm>> {
        self.form.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a form on trust, unless one is known. Should it be wrong, the first answer shows it.
    pub fn teach(&self, form: &WireForm) {
        let mut known = self.form.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(|| Arc::new(form.clone()));
    }

    fn remember(&self, form: WireForm) -> Arc<WireForm> {
        let form = Arc::new(form);
        let mut known = self.form.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(form.clone());
        form
    }

    /// Carries out an operation. Should the connector have changed its form since it was learned, it
    /// understood nothing: then the form is learned anew and the call repeated, but never a creation.
    pub async fn call<P: Payload>(
        &self,
        operation: Operation,
        patience: Patience,
        members: Members<'_>,
        payload: impl Fn() -> P + Send + Sync,
    ) -> Answer<P::Value> {
        let limits = limits(operation, patience);
        let form = self.learn(None, &limits).await?;
        let first = self.send(&form, Some(&form), operation, members, payload(), &limits).await?;
        if let Answered::Reply { reply, .. } = first {
            return reply;
        }
        let form = self.learn(Some(&form), &limits).await?;
        if operation == Operation::CreateActor {
            return Err(not_understood("the connector has changed its data namespace"));
        }
        match self.send(&form, Some(&form), operation, members, payload(), &limits).await? {
            Answered::Reply { reply, .. } => reply,
            Answered::OtherForm => Err(not_understood("answers in more than one data namespace")),
        }
    }

    /// `GetConfigData`, from which the form is learned by the way.
    pub async fn config_fields(&self, patience: Patience) -> Answer<Vec<FieldInfo>> {
        let limits = limits(Operation::GetConfigData, patience);
        let (form, reply) = self.ask(&limits).await?;
        self.remember(form);
        reply
    }

    /// The operations its description offers.
    pub async fn described(&self, patience: Patience) -> Result<BTreeSet<Operation>, Failure> {
        let limits = limits(Operation::GetConfigData, patience);
        Ok(wsdl::fetch_whole(&self.http, &limits).await?.operations)
    }

    /// The form that is known; learned first when none is, or only the one that proved `wrong`.
    async fn learn(
        &self,
        wrong: Option<&WireForm>,
        limits: &Limits,
    ) -> Result<Arc<WireForm>, Failure> {
        let usable = || self.known_form().filter(|form| Some(&**form) != wrong);
        if let Some(form) = usable() {
            return Ok(form);
        }
        let _one_at_a_time = limits.wait(self.learning.lock()).await?;
        if let Some(form) = usable() {
            return Ok(form);
        }
        let (form, _) = self.ask(limits).await?;
        Ok(self.remember(form))
    }

    /// Calls `GetConfigData`: it has no members that could be in the wrong namespace, and those of its
    /// result show the right one. When the usual call meets a fault, the connector's description says
    /// how it wants to be called.
    async fn ask(&self, limits: &Limits) -> Result<(WireForm, Answer<Vec<FieldInfo>>), Failure> {
        let usual = WireForm {
            service_namespace: SERVICE.to_owned(),
            data_namespace: String::new(),
            actions: BTreeMap::new(),
        };
        let fault = match self.ask_in(usual.clone(), limits).await {
            Err(fault @ Failure::Fault { .. }) => fault,
            answered => return answered,
        };
        let Ok(described) = wsdl::fetch(&self.http, limits).await else { return Err(fault) };
        let form = WireForm {
            service_namespace: described.service_namespace.unwrap_or(usual.service_namespace),
            data_namespace: described.data_namespace.unwrap_or_default(),
            actions: described.actions,
        };
        match self.ask_in(form.clone(), limits).await {
            // It can do nothing but throw; so the description has to do.
            Err(fault @ Failure::Fault { .. }) if !form.data_namespace.is_empty() => {
                Ok((form, Err(fault)))
            }
            answered => answered,
        }
    }

    async fn ask_in(
        &self,
        form: WireForm,
        limits: &Limits,
    ) -> Result<(WireForm, Answer<Vec<FieldInfo>>), Failure> {
        let operation = Operation::GetConfigData;
        match self.send(&form, None, operation, None, Fields::default(), limits).await? {
            Answered::Reply { reply, namespaces: (service_namespace, data_namespace) } => {
                Ok((WireForm { service_namespace, data_namespace, ..form }, reply))
            }
            Answered::OtherForm => Err(not_understood("no form at all")),
        }
    }

    /// One request and its answer.
    async fn send<P: Payload>(
        &self,
        form: &WireForm,
        expected: Option<&Arc<WireForm>>,
        operation: Operation,
        members: Members<'_>,
        payload: P,
        limits: &Limits,
    ) -> Result<Answered<P::Value>, Failure> {
        let envelope = write_request(form, operation, members)?;
        let response = self.http.post(&action(form, operation), envelope, limits).await?;
        if !response.status().is_success() {
            return Err(failure_of(response, limits).await);
        }
        if is_html(&response) {
            return Err(not_understood("a web page instead of an answer"));
        }
        let caps = if is_streamed(operation) { Caps::STREAM } else { Caps::ANSWER };
        let expected = expected.cloned();
        read(response, caps, limits, move |input| {
            let mut xml = Xml::new(input, caps.nodes);
            read_answer(&mut xml, operation, expected.as_deref(), payload)
        })
        .await
    }
}

/// What a response without success means: a fault, where it holds one; else its status.
async fn failure_of(response: Response, limits: &Limits) -> Failure {
    let by_status = status_failure(&response);
    if !matches!(response.status().as_u16(), 400 | 500) || !is_xml(&response) {
        return by_status;
    }
    let fault = read(response, Caps::ANSWER, limits, |input| {
        let mut xml = Xml::new(input, Caps::ANSWER.nodes);
        open_body(&mut xml)?;
        Ok(is_fault(&xml).then(|| read_fault(&mut xml)))
    });
    match fault.await {
        Ok(Some(fault)) => fault,
        Ok(None) | Err(Failure::NotUnderstood { .. }) => by_status,
        Err(failure) => failure,
    }
}

/// Answers of which one actor at a time is kept, however many there are.
fn is_streamed(operation: Operation) -> bool {
    operation == Operation::GetActorsByTimestamp
}

fn limits(operation: Operation, patience: Patience) -> Limits {
    const STREAM: Duration = Duration::from_secs(30 * 60);
    let limit = patience.limit();
    match patience {
        Patience::Background if is_streamed(operation) => Limits::start(limit, STREAM),
        _ => Limits::start(limit, limit),
    }
}
