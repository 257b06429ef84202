//! Page structs of the users screen.

use askama::Template;

use super::form::UserForm;
use crate::store::page::Page;
use crate::store::sessions::SessionEntry;
use crate::users::{Group, Role, User};
use crate::web::captions;
use crate::web::conflict::{self, Conflict, Difference};
use crate::web::form::Problems;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "users/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub search: &'a str,
    pub found: Page<User>,
    pub count: i64,
}

impl IndexPage<'_> {
    fn role(&self, user: &User) -> &'static str {
        captions::role(self.visit.t, user.role)
    }

    /// Whether somebody can come in: words and the badge's kind.
    fn state(&self, user: &User) -> (&'static str, &'static str) {
        state(self.visit, user)
    }

    fn neighbours(&self) -> Neighbours {
        page::neighbours(
            &self.found,
            |user| user.id,
            |place, id| {
                page::listing("/users", &[("search", self.search), (place, &id.to_string())])
            },
        )
    }
}

#[derive(Template)]
#[template(path = "users/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    /// None: a new one.
    pub user: Option<Mine>,
    pub form: UserForm,
    pub groups: Vec<Group>,
    pub problems: Problems,
    /// What somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

/// The account that is edited, with what belongs to it.
pub struct Mine {
    pub user: User,
    pub sessions: Vec<SessionEntry>,
    /// Whether there are seats at all.
    pub is_licensed: bool,
}

impl Mine {
    fn open_sessions(&self) -> &[SessionEntry] {
        &self.sessions
    }

    fn needs_seat(&self) -> bool {
        self.user.role == Role::User
    }

    fn may_get_seat(&self) -> bool {
        self.needs_seat() && self.is_licensed && !self.user.has_seat && !self.user.is_disabled
    }
}

impl EditPage<'_> {
    fn title(&self) -> &str {
        match &self.user {
            Some(mine) => &mine.user.name,
            None => self.visit.t.users_add(),
        }
    }

    fn action(&self) -> String {
        match &self.user {
            Some(mine) => format!("/users/{}", mine.user.id),
            None => "/users".to_owned(),
        }
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    /// Each role: value, caption, what it may do, whether it is chosen.
    fn roles(&self) -> [(&'static str, &'static str, &'static str, bool); 3] {
        let t = self.visit.t;
        Role::ALL.map(|role| {
            let hint = match role {
                Role::Admin => t.users_role_admin(),
                Role::User => t.users_role_user(),
                Role::Auditor => t.users_role_auditor(),
            };
            let value = role.as_str();
            (value, captions::role(t, role), hint, self.form.role == value)
        })
    }

    fn state(&self, user: &User) -> (&'static str, &'static str) {
        state(self.visit, user)
    }

    /// Where what is saved differs from what was typed.
    pub fn differences(&self, saved: &UserForm) -> Vec<Difference> {
        let t = self.visit.t;
        let role = |form: &UserForm| {
            Role::parse(&form.role).map_or("", |role| captions::role(t, role)).to_owned()
        };
        let groups = |form: &UserForm| {
            let own = self.groups.iter().filter(|group| form.is_in(&group.id));
            own.map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let yours = &self.form;
        conflict::differences([
            (t.users_name(), saved.name.clone(), yours.name.trim().to_owned()),
            (t.sign_in_login(), saved.login.clone(), yours.login.trim().to_owned()),
            (t.users_role(), role(saved), role(yours)),
            (t.groups_title(), groups(saved), groups(yours)),
        ])
    }
}

fn state(visit: &Visit, user: &User) -> (&'static str, &'static str) {
    match user {
        user if user.is_disabled => (visit.t.users_state_disabled(), "off"),
        user if !user.has_password => (visit.t.users_state_new(), "warn"),
        _ => (visit.t.users_state_active(), "good"),
    }
}
