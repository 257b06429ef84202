//! Keyset pages: a page is named by the item next to it, never by a number of rows to skip.

/// Items a list page shows unless it says otherwise.
pub const PAGE: i64 = 50;

/// Where a page lies; by the id of the item just before or just behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    First,
    After(i64),
    Before(i64),
}

impl Place {
    /// As an address says it.
    pub fn of(after: Option<i64>, before: Option<i64>) -> Self {
        match (after, before) {
            (Some(id), _) => Self::After(id),
            (None, Some(id)) => Self::Before(id),
            (None, None) => Self::First,
        }
    }

    /// How a page is read from its place on: which items are compared to it, and in which order.
    pub(super) fn way(self) -> (&'static str, &'static str) {
        match self {
            Self::Before(_) => ("<", "DESC"),
            Self::First | Self::After(_) => (">", "ASC"),
        }
    }
}

/// One page, in the order it is shown.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub has_previous: bool,
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of up to `limit` + 1 items in the order they are shown; the one too many tells that
    /// there are others beyond.
    pub(super) fn cut(mut items: Vec<T>, place: Place, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let has_beyond = items.len() > limit;
        if let Place::Before(_) = place {
            items.drain(..items.len().saturating_sub(limit));
            return Self { items, has_previous: has_beyond, has_next: true };
        }
        items.truncate(limit);
        Self { items, has_previous: place != Place::First, has_next: has_beyond }
    }

    /// The same of items in the order of [`Place::way`].
    pub(super) fn cut_as_read(mut items: Vec<T>, place: Place, limit: i64) -> Self {
        if let Place::Before(_) = place {
            items.reverse();
        }
        Self::cut(items, place, limit)
    }
}
