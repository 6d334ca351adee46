//! An inspection as a page for people: `report.html`, self-contained, small numbers hidden.

mod backlog;
mod chart;
mod duty;
mod front;
mod groups;
mod html;
mod numbers;
mod quality;
mod report;
mod resources;
mod site;
mod timeline;
mod view;
mod words;

pub use backlog::{QueueChart, TimeChart};
pub use report::report;
pub use site::site;
