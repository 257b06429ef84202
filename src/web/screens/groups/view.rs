//! Page structs of the groups screen.

use askama::Template;

use super::GroupForm;
use crate::users::{Group, User};
use crate::web::conflict::{self, Conflict, Difference};
use crate::web::form::Problems;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "groups/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "groups/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    pub name: &'a str,
    pub problems: &'a Problems,
}

#[derive(Template)]
#[template(path = "groups/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub group: Group,
    pub form: GroupForm,
    /// Everybody, to choose from.
    pub people: Vec<User>,
    pub problems: Problems,
    /// What somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

impl EditPage<'_> {
    fn is_in(&self, user: &User) -> bool {
        self.form.members.contains(&user.id.to_string())
    }

    /// Where what is saved differs from what was typed.
    pub fn differences(&self, saved: &GroupForm) -> Vec<Difference> {
        let t = self.visit.t;
        let members = |form: &GroupForm| {
            let inside =
                self.people.iter().filter(|user| form.members.contains(&user.id.to_string()));
            inside.map(|user| user.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        conflict::differences([
            (t.groups_name(), saved.name.clone(), self.form.name.trim().to_owned()),
            (t.groups_members(), members(saved), members(&self.form)),
        ])
    }
}
