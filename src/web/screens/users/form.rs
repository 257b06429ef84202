//! What is posted for an account.

use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::i18n::Key;
use crate::users::{Group, GroupId, Role, User, UserChange};
use crate::web::error::WebError;
use crate::web::{form, names};

#[derive(Clone, Default, Deserialize, Validate)]
pub struct UserForm {
    #[serde(default)]
    #[validate(custom(function = names::check_name))]
    pub name: String,
    #[serde(default)]
    #[validate(custom(function = names::check_login))]
    pub login: String,
    #[serde(default)]
    #[validate(custom(function = check_role))]
    pub role: String,
    #[serde(default)]
    #[validate(custom(function = check_groups))]
    pub groups: Vec<String>,
    /// What the editor saw; none for a new account.
    #[validate(custom(function = form::known_version))]
    pub version: Option<String>,
}

impl UserForm {
    /// An account as its form shows it.
    pub fn of(user: &User, groups: &[Group]) -> Self {
        Self {
            name: user.name.clone(),
            login: user.login.clone(),
            role: user.role.as_str().to_owned(),
            groups: groups.iter().map(|group| group.id.to_string()).collect(),
            version: Some(user.version.to_string()),
        }
    }

    /// What a form without problems asks for.
    pub fn change(&self) -> Result<UserChange, WebError> {
        let groups: Result<Vec<GroupId>, _> = self.groups.iter().map(|id| id.parse()).collect();
        Ok(UserChange {
            login: self.login.trim().to_owned(),
            name: self.name.trim().to_owned(),
            role: Role::parse(&self.role).ok_or(WebError::BadRequest)?,
            groups: groups.map_err(|_| WebError::BadRequest)?,
        })
    }

    pub fn is_in(&self, group: &GroupId) -> bool {
        self.groups.contains(&group.to_string())
    }
}

fn check_groups(ids: &[String]) -> Result<(), ValidationError> {
    match ids.iter().all(|id| id.parse::<GroupId>().is_ok()) {
        true => Ok(()),
        false => Err(ValidationError::new(Key::FORM_INVALID.id())),
    }
}

fn check_role(typed: &str) -> Result<(), ValidationError> {
    let problem = match Role::parse(typed) {
        Some(_) => return Ok(()),
        None if typed.is_empty() => Key::FORM_REQUIRED,
        None => Key::FORM_INVALID,
    };
    Err(ValidationError::new(problem.id()))
}
