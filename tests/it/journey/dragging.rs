//! Things that are put in order or put on each other in a window: dragged by mouse or finger.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions,
};
use fantoccini::elements::Element;

use super::window::{Window, quoted};

impl Window {
    /// The names in the list that is put in order here, as they stand.
    pub async fn names_in_order(&self) -> Vec<String> {
        let list = self.find("//ol[contains(@class,'sortable')]").await;
        self.names_of(&list, "./li").await
    }

    /// What the parts of an element on this path are called.
    pub async fn names_of(&self, whole: &Element, path: &str) -> Vec<String> {
        let mut names = Vec::new();
        for part in whole.find_all(Locator::XPath(path)).await.unwrap() {
            names.push(part.attr("data-name").await.unwrap().unwrap());
        }
        names
    }

    /// What one of that list is dragged by, or moved with by keyboard.
    pub async fn handle(&self, name: &str) -> Element {
        let name = quoted(name);
        let item = format!("//ol[contains(@class,'sortable')]/li[@data-name={name}]");
        self.find(&format!("{item}//button[contains(@class,'handle')]")).await
    }

    pub async fn drag(&self, from: &Element, to: &Element) {
        let hand = MouseActions::new("hand".to_owned());
        self.drag_with(hand, from, to).await;
    }

    pub async fn drag_by_touch(&self, from: &Element, to: &Element) {
        let finger = TouchActions::new("finger".to_owned());
        self.drag_with(finger, from, to).await;
    }

    /// Drags as a hand does: not in one jump.
    async fn drag_with(
        &self,
        pointer: impl InputSource<Action = PointerAction>,
        from: &Element,
        to: &Element,
    ) {
        self.bring_into_view(to).await.unwrap();
        let pause = Some(Duration::from_millis(20));
        let over = |element: &Element, y| PointerAction::MoveToElement {
            element: element.clone(),
            duration: pause,
            x: 0.0,
            y,
        };
        let pointer = pointer
            .then(over(from, 0.0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::MoveBy { duration: pause, x: 6.0, y: 6.0 })
            .then(over(to, -6.0))
            .then(PointerAction::MoveBy { duration: pause, x: 0.0, y: -2.0 })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(pointer).await.unwrap();
    }
}
