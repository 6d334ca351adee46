//! A queue under given posts: how long it grows or when it clears, with a range.
