//! Anybody's client on our host: recorded requests of .NET, other spellings, and what is no request.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;

use super::Served;
use crate::connector::fixture;
use crate::support::fake_connector::FakeConnector;
use crate::support::wcf::{Form, run_client};
use crate::support::xml::Element;

const SERVICE: &str = "http://www.superoffice.net/EIS/Connector/1.0";
const DEFAULT: &str = "http://schemas.datacontract.org/2004/07/SuperOffice.ErpSync";

struct Client {
    http: reqwest::Client,
    served: Served,
    fake: Arc<FakeConnector>,
}

impl Client {
    fn new(customers: usize) -> Self {
        let fake = FakeConnector::new(customers);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, served: Served::one(&fake), fake }
    }

    /// Posts a body; the status and the first element in the answer's SOAP body.
    async fn post(
        &self,
        action: Option<&str>,
        body: impl Into<reqwest::Body>,
    ) -> (StatusCode, Element) {
        let mut request = self.http.post(self.served.url()).body(body);
        request = request.header(CONTENT_TYPE, "text/xml; charset=utf-8");
        if let Some(action) = action {
            request = request.header("SOAPAction", format!("\"{action}\""));
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        assert_eq!(kind, "text/xml; charset=utf-8");
        let document = Element::parse(&answer.text().await.unwrap());
        (status, document.get("Body").children[0].clone())
    }

    /// Calls an operation; its result.
    async fn call(&self, operation: &str, body: &str) -> Element {
        let action = format!("{SERVICE}/IErpConnectorWS/{operation}");
        let (status, answer) = self.post(Some(&action), body.to_owned()).await;
        assert_eq!(status, 200, "{operation}: {answer:?}");
        assert_eq!(answer.name, format!("{operation}Response"));
        let result = answer.get(&format!("{operation}Result"));
        assert_eq!((&*answer.namespace, &*result.namespace), (SERVICE, SERVICE));
        result.clone()
    }

    /// Posts what is no request of the contract; the fault's code and text.
    async fn fault(
        &self,
        action: Option<&str>,
        body: impl Into<reqwest::Body>,
    ) -> (String, String) {
        let (status, fault) = self.post(action, body).await;
        assert_eq!((status.as_u16(), &*fault.name), (500, "Fault"));
        (fault.text_of("faultcode").to_owned(), fault.text_of("faultstring").to_owned())
    }
}

#[tokio::test]
async fn recorded_requests_of_net_are_answered_in_the_form_they_came_in() {
    for (form, data) in [("own-namespace", SERVICE), ("default-namespace", DEFAULT)] {
        let client = Client::new(12);
        let folder = format!("{}/tests/fixtures/soap/{form}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".request.xml"))
            .collect();
        names.sort();
        let mut done = 0;
        for name in names {
            let operation = name.split(['-', '.']).nth(1).unwrap();
            // The recorded restrictions name fields of the recorded ERP.
            if operation == "WSSearchActorsAdvanced" && !name.starts_with("022") {
                continue;
            }
            let result = client.call(operation, &fixture(&format!("{form}/{name}"))).await;
            let own = if operation == "WSGetConfigData" { SERVICE } else { data };
            assert!(result.children.iter().all(|member| member.namespace == own), "{name}");
            let base: Vec<_> = result.children[..5].iter().map(|m| m.name.as_str()).collect();
            assert_eq!(base, ["ErrorCode", "IsOk", "State", "TechExplanation", "UserExplanation"]);
            done += usize::from(result.text_of("State") == "Ok");
        }
        assert!(done >= 7, "{form}: {done} answered with Ok");
    }
}

#[tokio::test]
async fn what_a_search_finds_is_complete_in_both_forms() {
    for (form, data) in [("own-namespace", SERVICE), ("default-namespace", DEFAULT)] {
        let client = Client::new(12);
        client
            .call("WSSaveConnection", &fixture(&format!("{form}/007-WSSaveConnection.request.xml")))
            .await;
        let request = fixture(&format!("{form}/018-WSSearchActors.request.xml"));
        let result = client.call("WSSearchActors", &request).await;
        let actors = &result.get("Actors").children;
        assert_eq!(actors.len(), 12);
        let members: Vec<_> =
            actors[0].children.iter().map(|m| (&*m.namespace, &*m.name)).collect();
        let expected = [
            "ActorType",
            "ErpKey",
            "FieldValues",
            "LastModified",
            "ParentActorType",
            "ParentErpKey",
        ];
        assert_eq!(members, expected.map(|name| (data, name)));
        assert_eq!(actors[0].dictionary("FieldValues")["Name"], "Ærø & Söhne <1>");
        assert!(actors[0].get("ParentErpKey").is_nil);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_net_client_can_do_everything_in_both_forms() {
    for form in [Form::Own, Form::Default] {
        let fake = FakeConnector::new(9);
        let served = Served::one(&fake);
        assert_eq!(run_client(form, served.url()).await, "done\n", "{form:?}");
    }
}

fn request(operation: &str, inside: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Header><x xmlns='urn:x' \
         e:mustUnderstand='0'/></e:Header><e:Body><{operation} xmlns='{SERVICE}'>{inside}</{operation}>\
         </e:Body></e:Envelope>"
    )
}

#[tokio::test]
async fn members_may_come_in_any_order_and_without_action() {
    let client = Client::new(3);
    let zero = "00000000-0000-0000-0000-000000000000";
    let inside = format!(
        "\n <request>\n <SearchText> </SearchText><Extra>1</Extra><FieldKeys><string \
         xmlns='http://schemas.microsoft.com/2003/10/Serialization/Arrays'>Name</string></FieldKeys>\
         <ActorType>Customer</ActorType> <ConnectionGuid>{zero}</ConnectionGuid></request>\n"
    );
    let (status, answer) = client.post(None, request("WSSearchActors", &inside)).await;
    assert_eq!(status, 200);
    let result = answer.get("WSSearchActorsResult");
    assert_eq!(result.get("Actors").children.len(), 3);
}

#[tokio::test]
async fn an_actor_type_we_do_not_have_is_refused_not_a_fault() {
    let client = Client::new(3);
    let inside = "<request><ConnectionGuid/><ActorType>Sale</ActorType></request>";
    let result =
        client.call("WSGetSearchableFields", &request("WSGetSearchableFields", inside)).await;
    assert_eq!((result.text_of("IsOk"), result.text_of("State")), ("false", "Error"));
    assert!(result.text_of("TechExplanation").contains("\"Sale\""));
}

#[tokio::test]
async fn what_is_no_request_of_the_contract_is_a_fault() {
    let client = Client::new(3);
    let good = request("WSGetConfigData", "");
    let action = |name: &str| format!("{SERVICE}/IErpConnectorWS/{name}");
    let (code, text) = client.fault(Some("urn:nope"), good.clone()).await;
    assert!(code.ends_with(":ActionNotSupported") && text.contains("urn:nope"));
    assert!(
        client
            .fault(Some(&action("WSNope")), good.clone())
            .await
            .0
            .ends_with(":ActionNotSupported")
    );
    let other = client.fault(Some(&action("WSGetList")), good.clone()).await;
    assert!(other.0.ends_with(":Client"), "{other:?}");
    let twelve =
        good.replace("schemas.xmlsoap.org/soap/envelope/", "www.w3.org/2003/05/soap-envelope");
    let list = |inside: &str| request("WSGetList", inside);
    let deep = format!("<request>{}{}</request>", "<a>".repeat(100), "</a>".repeat(100));
    for body in [
        String::new(),
        "<".into(),
        "hello".into(),
        good.replace("</e:Body>", ""),
        good[..good.len() - 1].into(),
        format!("<!DOCTYPE x [<!ENTITY y 'z'>]>{good}"),
        good.replace("<e:Body>", "<e:Body>&y;"),
        twelve,
        list(""),
        list("<request/>"),
        list("<request><ListName xmlns='urn:x'>1</ListName></request>"),
        list(&deep),
        format!("{good}{good}"),
    ] {
        let (code, _) = client.fault(None, body.clone()).await;
        assert!(code.ends_with(":Client"), "{code} for {body}");
    }
    let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(client.fault(None, utf_16).await.1.contains("UTF-16"));
    let large = vec![b' '; 33 << 20];
    assert!(client.fault(None, large).await.1.contains("32 MiB"));
    assert!(client.fake.calls().is_empty());
}

#[tokio::test]
async fn the_description_is_one_document_with_the_address_it_was_asked_at() {
    let client = Client::new(1);
    for query in ["?wsdl", "?singleWsdl", "?ConnectorName=Fake&wsdl", ""] {
        let url = format!("{}{query}", client.served.url());
        let answer = client.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.unwrap();
        assert!(!text.contains("schemaLocation") && !text.contains("wsdl:import"));
        let document = Element::parse(&text);
        assert_eq!(document.get("portType").children.len(), 17);
        assert_eq!(document.get("types").children.len(), 2);
        let name = if query.contains("Fake") { "?ConnectorName=Fake" } else { "" };
        let location = format!("location=\"{}{name}\"", client.served.url());
        assert!(text.contains(&location), "{location}");
    }
    let url = format!("{}?wsdl&ConnectorName=%3CNope%3E", client.served.url());
    let answer = client.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    assert!(answer.text().await.unwrap().contains("\"&lt;Nope&gt;\""));
}
