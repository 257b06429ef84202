//! SOAP faults as .NET gives them.

use actix_web::HttpResponse;

use crate::connector::failure::Failure;
use crate::connector::soap::wire::ENVELOPE;
use crate::connector::soap::writer::Writer;

/// Why there is no answer of the contract.
#[derive(Debug)]
pub struct Fault {
    /// With its prefix.
    code: &'static str,
    text: String,
}

impl Fault {
    /// The request is at fault.
    pub fn client(text: impl Into<String>) -> Self {
        Self { code: "s:Client", text: text.into() }
    }

    pub fn unknown_action(action: &str) -> Self {
        let text = format!("the action \"{action}\" is not one of this service");
        Self { code: "a:ActionNotSupported", text }
    }

    /// The connector threw; what it threw stands in the log, not here.
    pub fn internal() -> Self {
        let text = "the connector could not process the request".to_owned();
        Self { code: "a:InternalServiceFault", text }
    }

    /// The connector gave a failure that is not its own "no".
    pub fn of(failure: &Failure) -> Self {
        tracing::warn!(%failure, "a hosted connector gave no answer");
        Self { text: failure.to_string(), ..Self::internal() }
    }

    /// As .NET does, with status 500.
    pub fn response(&self) -> HttpResponse {
        let mut out = Writer::default();
        out.raw(&format!("<s:Envelope xmlns:s=\"{ENVELOPE}\"><s:Body><s:Fault>"));
        out.raw("<faultcode xmlns:a=\"http://schemas.microsoft.com/ws/2005/05/addressing/none\">");
        out.raw(self.code);
        out.raw("</faultcode><faultstring xml:lang=\"en\">");
        out.plain(&self.text);
        out.raw("</faultstring></s:Fault></s:Body></s:Envelope>");
        let body = out.take().unwrap_or_default();
        HttpResponse::InternalServerError().content_type("text/xml; charset=utf-8").body(body)
    }
}
