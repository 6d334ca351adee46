//! An inspection as a page for people: `report.html`, self-contained, small numbers hidden.

mod backlog;
mod chart;
mod duty;
mod figures;
mod front;
mod groups;
mod html;
mod measures;
mod numbers;
mod patterns;
mod quality;
mod report;
mod resources;
mod site;
mod timeline;
mod view;
mod words;

pub use backlog::{QueueChart, TimeChart};
pub use report::{patterns_page, report};
pub use site::site;
