//! Whole messages: the request around an operation's members, and the answer around its payload.

use super::fault::{is_fault, open_body, read_fault};
use super::wire::{ARRAYS, ENVELOPE, XSI};
use super::writer::Writer;
use super::xml::{At, Xml, not_understood};
use crate::connector::Answer;
use crate::connector::failure::{Failure, Refusal, RefusalCode};
use crate::connector::operation::Operation;
use crate::connector::types::{Agreement, Reply, State, WireForm};

/// A request. Its members are written by `members`; `None` for the one operation that takes none.
pub fn write_request(
    form: &WireForm,
    operation: Operation,
    members: Option<&(dyn Fn(&mut Writer) + Send + Sync)>,
) -> Result<String, Failure> {
    let (name, service) = (operation.name(), &form.service_namespace);
    let mut out = Writer::default();
    out.raw(&format!("<s:Envelope xmlns:s=\"{ENVELOPE}\"><s:Body><{name} xmlns=\"{service}\">"));
    if let Some(members) = members {
        let data = &form.data_namespace;
        out.raw(&format!("<request xmlns:d=\"{data}\" xmlns:a=\"{ARRAYS}\" xmlns:i=\"{XSI}\">"));
        members(&mut out);
        out.raw("</request>");
    }
    out.raw(&format!("</{name}></s:Body></s:Envelope>"));
    out.take()
}

/// What an operation's answer holds beside the status.
pub trait Payload: Send + 'static {
    type Value: Send + 'static;

    /// Reads the member the reader stands in, or leaves it as it is.
    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure>;

    /// The value, once the whole answer was read and the connector says the work was done.
    fn finish(self) -> Result<Self::Value, Failure>;
}

/// What became of a member.
pub enum Member {
    Read,
    NotMine,
    /// Read, and the rest of the answer is not wanted.
    Enough,
}

/// What an answer turned out to be.
pub enum Answered<T> {
    Reply {
        /// The reply, or the connector's refusal.
        reply: Answer<T>,
        /// The service and the data namespace it came in.
        namespaces: (String, String),
    },
    /// It came in another form than the expected one, so the request was not understood either.
    OtherForm,
}

/// Reads an answer in the expected form; in any form when none is expected.
pub fn read_answer<P: Payload>(
    xml: &mut Xml,
    operation: Operation,
    expected: Option<&WireForm>,
    payload: P,
) -> Result<Answered<P::Value>, Failure> {
    open_body(xml)?;
    if is_fault(xml) {
        return Err(read_fault(xml));
    }
    let wrapper = xml.name().strip_suffix("Response");
    if wrapper != Some(operation.name()) {
        return Err(not_understood(format!(
            "{} as the answer to {}",
            xml.name(),
            operation.name()
        )));
    }
    let service = xml.namespace().to_owned();
    if expected.is_some_and(|form| form.service_namespace != service) {
        return Ok(Answered::OtherForm);
    }
    let result = xml.child()?.ok_or_else(|| not_understood("an answer without result"))?;
    if result.is_nil {
        return Err(not_understood("an answer whose result is null"));
    }
    let mut reading = Reading { status: Status::default(), payload, data: None };
    if let Some(form) = expected {
        xml.set_data_namespace(&form.data_namespace);
        reading.data = Some(form.data_namespace.clone());
    }
    match reading.members(xml).at(operation.name())? {
        Reached::OtherForm => return Ok(Answered::OtherForm),
        Reached::Enough => {}
        Reached::End => xml.finish()?,
    }
    let data = reading.data.ok_or_else(|| not_understood("an empty result"))?;
    let reply = reading.status.reply(|| reading.payload.finish()).at(operation.name());
    Ok(Answered::Reply { reply, namespaces: (service, data) })
}

enum Reached {
    End,
    Enough,
    OtherForm,
}

struct Reading<P> {
    status: Status,
    payload: P,
    data: Option<String>,
}

impl<P: Payload> Reading<P> {
    fn members(&mut self, xml: &mut Xml) -> Result<Reached, Failure> {
        let mut has_data = false;
        while let Some(tag) = xml.child()? {
            let mut is_data = tag.is_data;
            if self.data.is_none() && !xml.namespace().is_empty() {
                let namespace = xml.namespace().to_owned();
                xml.set_data_namespace(&namespace);
                self.data = Some(namespace);
                is_data = true;
            }
            if !is_data {
                if !has_data && Status::is_member(xml.name()) {
                    return Ok(Reached::OtherForm);
                }
                xml.skip()?;
                continue;
            }
            has_data = true;
            if self.status.read(xml, tag.is_nil)? {
                continue;
            }
            match self.payload.member(xml)? {
                Member::Read => {}
                Member::NotMine => xml.skip()?,
                Member::Enough => return Ok(Reached::Enough),
            }
        }
        Ok(Reached::End)
    }
}

/// The members every result has.
#[derive(Default)]
struct Status {
    is_ok: Option<bool>,
    state: Option<WireState>,
    code: String,
    user_text: String,
    tech_text: String,
}

#[derive(Clone, Copy, PartialEq)]
enum WireState {
    Done(State),
    Error,
}

impl Status {
    fn is_member(name: &str) -> bool {
        matches!(name, "ErrorCode" | "IsOk" | "State" | "TechExplanation" | "UserExplanation")
    }

    fn read(&mut self, xml: &mut Xml, is_nil: bool) -> Result<bool, Failure> {
        match xml.name() {
            "IsOk" if !is_nil => self.is_ok = Some(read_bool(xml)?),
            "State" if !is_nil => self.state = Some(read_state(xml)?),
            "ErrorCode" => self.code = xml.text().at("ErrorCode")?,
            "UserExplanation" => self.user_text = xml.text().at("UserExplanation")?,
            "TechExplanation" => self.tech_text = xml.text().at("TechExplanation")?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Some connectors set only one of the two: either says that the work was not done. Neither says
    /// nothing at all.
    fn reply<T>(self, value: impl FnOnce() -> Result<T, Failure>) -> Answer<T> {
        let agreement = self.agreement();
        let state = match (self.is_ok, self.state) {
            (None, None) => return Err(not_understood("neither IsOk nor State")),
            (Some(false), _) | (_, Some(WireState::Error)) => {
                return Err(Failure::Refused(Refusal {
                    code: RefusalCode::parse(&self.code),
                    agreement,
                    user_text: self.user_text,
                    tech_text: self.tech_text,
                }));
            }
            (_, Some(WireState::Done(state))) => state,
            (_, None) => State::Ok,
        };
        let (user_text, tech_text) = (self.user_text, self.tech_text);
        Ok(Reply { value: value()?, state, agreement, user_text, tech_text })
    }

    fn agreement(&self) -> Agreement {
        match (self.is_ok, self.state) {
            (Some(is_ok), Some(state)) if is_ok == (state != WireState::Error) => Agreement::Same,
            (Some(_), Some(_)) => Agreement::Opposed,
            _ => Agreement::Half,
        }
    }
}

fn read_bool(xml: &mut Xml) -> Result<bool, Failure> {
    match xml.text().at("IsOk")?.trim() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(not_understood("IsOk: neither true nor false")),
    }
}

fn read_state(xml: &mut Xml) -> Result<WireState, Failure> {
    match xml.text().at("State")?.trim() {
        "Ok" => Ok(WireState::Done(State::Ok)),
        "OkWithInfo" => Ok(WireState::Done(State::OkWithInfo)),
        "Warning" => Ok(WireState::Done(State::Warning)),
        "Error" => Ok(WireState::Error),
        _ => Err(not_understood("State: not one of the contract")),
    }
}
