//! Nothing is lost and nothing is done twice: the program is killed, its answers get lost, its database is
//! held by others.

mod answers;
mod busy;
pub mod chance;
mod erp;
mod kills;
mod points;
mod rows;
mod site;
