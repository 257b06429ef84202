//! Sessions that end because of something else, which is recorded in its own right.

use super::row::args;
use super::{Result, Tx};
use crate::users::UserId;

/// Ends every session of a user; gives how many there were.
pub(super) async fn delete_of(tx: &mut Tx, user: UserId) -> Result<u64> {
    tx.execute("DELETE FROM session WHERE user_id = $1", args![user]).await
}
