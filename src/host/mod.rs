//! Serves our connectors to others over the SOAP contract, at the path partners' hosts use.

mod answer;
mod call;
mod description;
mod fault;
mod request;
mod schema;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;

use crate::connector::Connector;
use fault::Fault;

/// Where the connectors are served.
pub const PATH: &str = "/Services/ErpConnectorWS.svc";

const MAX_REQUEST: usize = 32 << 20;
const REQUEST_TIME: Duration = Duration::from_secs(60);

/// Connectors by name. The first one answers when no name is asked for.
#[derive(Clone)]
pub struct Host(Arc<[(String, Arc<dyn Connector>)]>);

impl Host {
    pub fn new(connectors: Vec<(String, Arc<dyn Connector>)>) -> Self {
        Self(connectors.into())
    }

    fn find(&self, name: Option<&str>) -> Result<&Arc<dyn Connector>, Fault> {
        let found = match name {
            Some(name) => self.0.iter().find(|(have, _)| have == name),
            None => self.0.first(),
        };
        found.map(|(_, connector)| connector).ok_or_else(|| {
            Fault::client(format!("there is no connector named \"{}\"", name.unwrap_or_default()))
        })
    }
}

/// Serves until stopped; the caller awaits or spawns it.
pub fn serve(listener: TcpListener, host: Host) -> std::io::Result<Server> {
    let app = move || {
        App::new()
            .app_data(web::Data::new(host.clone()))
            .route(PATH, web::post().to(operation))
            .route(PATH, web::get().to(describe))
    };
    Ok(HttpServer::new(app).workers(2).disable_signals().listen(listener)?.run())
}

/// GET: the description, whether asked with `?wsdl` or without.
async fn describe(host: web::Data<Host>, request: HttpRequest) -> HttpResponse {
    let name = connector_name(&request);
    if let Err(fault) = host.find(name.as_deref()) {
        return fault.response();
    }
    let connection = request.connection_info();
    let mut address = format!("{}://{}{PATH}", connection.scheme(), connection.host());
    if let Some(name) = name {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("ConnectorName", &name)
            .finish();
        address = format!("{address}?{query}");
    }
    HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(description::write(&address))
}

/// POST: one of the operations.
async fn operation(
    host: web::Data<Host>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    match answer(&host, &request, payload).await {
        Ok(response) => response,
        Err(fault) => fault.response(),
    }
}

async fn answer(
    host: &Host,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Fault> {
    let connector = host.find(connector_name(request).as_deref())?.clone();
    let action = action(request.headers());
    let body = body(request.headers(), payload).await?;
    let parsed = tokio::task::spawn_blocking(move || request::read(body, action.as_deref()));
    let request = parsed.await.map_err(|_| Fault::internal())??;
    let form = request.form;
    let outcome = tokio::spawn(call::call(connector, request)).await;
    answer::respond(form, outcome.map_err(|_| Fault::internal())?).await
}

/// The value of `?ConnectorName=`.
fn connector_name(request: &HttpRequest) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(key, _)| key.eq_ignore_ascii_case("ConnectorName"))
        .map(|(_, name)| name.into_owned())
}

/// The `SOAPAction`, without its quotes; none when it is blank.
fn action(headers: &HeaderMap) -> Option<String> {
    let action = headers.get("SOAPAction")?.to_str().ok()?.trim().trim_matches('"');
    (!action.is_empty()).then(|| action.to_owned())
}

async fn body(headers: &HeaderMap, payload: web::Payload) -> Result<Bytes, Fault> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Fault::client("packed requests are not read"));
    }
    let read = tokio::time::timeout(REQUEST_TIME, payload.to_bytes_limited(MAX_REQUEST)).await;
    let read = read.map_err(|_| Fault::client("the request took longer than 60 s"))?;
    let whole = read.map_err(|_| Fault::client("the request is larger than 32 MiB"))?;
    whole.map_err(|_| Fault::client("the request broke off"))
}
