//! Where a person lands after signing in.

use crate::users::Role;
use crate::web::error::Answer;
use crate::web::page;
use crate::web::visit::Visit;

pub async fn show(visit: Visit) -> Answer {
    let start = match visit.person()?.role {
        Role::Admin | Role::User => "/companies",
        Role::Auditor => "/history",
    };
    Ok(page::go(start))
}
