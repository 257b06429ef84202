//! Writes an answer, in the form its request came in; long ones while the connector is still giving.

use actix_web::HttpResponse;
use bytes::Bytes;
use futures_util::stream;
use tokio::task::JoinHandle;

use super::call::{Outcome, Payload};
use super::fault::Fault;
use super::request::Form;
use crate::connector::Answer;
use crate::connector::failure::{Failure, Refusal};
use crate::connector::handover;
use crate::connector::soap::data::{write_actor, write_field};
use crate::connector::soap::wire::{ARRAYS, ENVELOPE, SERVICE, XSI};
use crate::connector::soap::writer::Writer;
use crate::connector::types::{Actor, Reply, State};

/// Up to that many bytes of actors wait until the connector has said whether all went well. The status
/// stands before them, so of a longer answer it has to be promised; what goes wrong later breaks it off.
const WAITING: usize = 256 << 10;
/// A piece of a long answer.
const PIECE: usize = 64 << 10;

/// The response for what a call gave: an answer of the contract, or a fault.
pub async fn respond(form: Form, outcome: Result<Outcome, Failure>) -> Result<HttpResponse, Fault> {
    match outcome {
        Ok(Outcome::Whole(reply)) => whole(form, Ok(reply)),
        Ok(Outcome::Actors(actors, reply)) => several(form, actors, reply).await,
        Err(failure) => whole(form, Err(failure)),
    }
}

fn whole(form: Form, answer: Answer<Payload>) -> Result<HttpResponse, Fault> {
    let mut out = Writer::default();
    write_head(&mut out, form);
    match answer {
        Ok(reply) => {
            write_done(&mut out, &reply);
            write_payload(&mut out, &reply.value);
        }
        Err(Failure::Refused(refusal)) => write_refused(&mut out, &refusal),
        Err(failure) => return Err(Fault::of(&failure)),
    }
    write_tail(&mut out, form);
    match out.take() {
        Ok(body) => Ok(ok().body(body)),
        Err(failure) => Err(Fault::of(&failure)),
    }
}

fn ok() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type("text/xml; charset=utf-8");
    response
}

async fn several(
    form: Form,
    mut actors: handover::Receiver,
    reply: JoinHandle<Answer<()>>,
) -> Result<HttpResponse, Fault> {
    let mut waiting = Writer::default();
    waiting.open("Actors");
    while let Some(actor) = actors.recv().await {
        write_one(&mut waiting, &actor);
        if waiting.len() > WAITING {
            return long(form, waiting, actors, reply);
        }
    }
    waiting.close("Actors");
    let reply = match reply.await.map_err(|_| Fault::internal())? {
        Ok(reply) => reply,
        Err(failure) => return whole(form, Err(failure)),
    };
    let actors = waiting.take().map_err(|failure| Fault::of(&failure))?;
    let mut out = Writer::default();
    write_head(&mut out, form);
    write_done(&mut out, &reply);
    out.raw(&actors);
    write_tail(&mut out, form);
    Ok(ok().body(out.take().map_err(|failure| Fault::of(&failure))?))
}

/// An answer that is sent while the connector is still giving actors.
fn long(
    form: Form,
    mut waiting: Writer,
    actors: handover::Receiver,
    reply: JoinHandle<Answer<()>>,
) -> Result<HttpResponse, Fault> {
    let mut out = Writer::default();
    write_head(&mut out, form);
    write_done(&mut out, &Reply::ok(()));
    out.raw(&waiting.take().map_err(|failure| Fault::of(&failure))?);
    let start = Long { form, out, actors, reply: Some(reply) };
    Ok(ok().streaming(stream::try_unfold(start, Long::piece)))
}

struct Long {
    form: Form,
    out: Writer,
    actors: handover::Receiver,
    /// None once it was awaited.
    reply: Option<JoinHandle<Answer<()>>>,
}

impl Long {
    /// The next piece, and what is left; an error breaks the answer off.
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, Failure> {
        while self.out.len() < PIECE {
            if let Some(actor) = self.actors.recv().await {
                write_one(&mut self.out, &actor);
                continue;
            }
            let Some(reply) = self.reply.take() else { break };
            let reply =
                reply.await.map_err(|error| Failure::BrokenOff { detail: error.to_string() });
            let reply = reply.flatten().inspect_err(|failure| {
                tracing::warn!(%failure, "a hosted connector failed in the middle of an answer");
            })?;
            if reply.state != State::Ok {
                tracing::warn!(text = %reply.tech_text, "a status came too late for its answer");
            }
            self.out.close("Actors");
            write_tail(&mut self.out, self.form);
        }
        if self.out.is_empty() {
            return Ok(None);
        }
        Ok(Some((self.out.take()?.into(), self)))
    }
}

fn write_head(out: &mut Writer, form: Form) {
    let (name, data) = (form.operation.name(), form.data_namespace);
    out.raw(&format!(
        "<s:Envelope xmlns:s=\"{ENVELOPE}\"><s:Body><{name}Response xmlns=\"{SERVICE}\">\
         <{name}Result xmlns:d=\"{data}\" xmlns:a=\"{ARRAYS}\" xmlns:i=\"{XSI}\">"
    ));
}

fn write_tail(out: &mut Writer, form: Form) {
    let name = form.operation.name();
    out.raw(&format!("</{name}Result></{name}Response></s:Body></s:Envelope>"));
}

/// The members every result has, in the order .NET reads them.
fn write_status(out: &mut Writer, code: &str, state: &str, user_text: &str, tech_text: &str) {
    out.text_or_nil("ErrorCode", code);
    out.text("IsOk", if state == "Error" { "false" } else { "true" });
    out.text("State", state);
    out.text_or_nil("TechExplanation", tech_text);
    out.text_or_nil("UserExplanation", user_text);
}

fn write_done<T>(out: &mut Writer, reply: &Reply<T>) {
    let state = match reply.state {
        State::Ok => "Ok",
        State::OkWithInfo => "OkWithInfo",
        State::Warning => "Warning",
    };
    write_status(out, "", state, &reply.user_text, &reply.tech_text);
}

fn write_refused(out: &mut Writer, refusal: &Refusal) {
    let code = refusal.code.as_ref().map_or("", |code| code.as_str());
    write_status(out, code, "Error", &refusal.user_text, &refusal.tech_text);
}

fn write_payload(out: &mut Writer, payload: &Payload) {
    match payload {
        Payload::Nothing => {}
        Payload::Strings(texts) => out.strings("Items", texts),
        Payload::Fields(fields) => {
            out.open("FieldMetaDataObjects");
            fields.iter().for_each(|field| write_field(out, field));
            out.close("FieldMetaDataObjects");
        }
        Payload::Items(items) => {
            let pairs = items.iter().map(|item| (item.key.as_str(), item.text.as_str()));
            out.dictionary("ListItems", pairs);
        }
        Payload::Actor(actor) => {
            out.open("Actor");
            write_actor(out, actor);
            out.close("Actor");
        }
    }
}

fn write_one(out: &mut Writer, actor: &Actor) {
    out.open("ErpActorWS");
    write_actor(out, actor);
    out.close("ErpActorWS");
}
