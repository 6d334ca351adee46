//! Output folders: written aside, then put in place whole, so that nothing half-written looks whole.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;

/// A folder that is being written beside its final place. Dropped before [`Staged::finish`], it goes.
pub(crate) struct Staged {
    target: PathBuf,
    aside: PathBuf,
    finished: bool,
}

const ADVICE: &str = "Check that the folder may be written to and that the disk has room. Nothing was left half-written.";

fn write_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
        advice: ADVICE,
    }
}

/// Whether a folder holds anything.
fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}

impl Staged {
    /// Makes the folder beside `target`. A target that is not empty is refused unless `force`.
    pub(crate) fn new(target: &Path, force: bool) -> Result<Staged, Failure> {
        match fs::metadata(target) {
            Ok(found) if !found.is_dir() => {
                return Err(Failure::NotAFolder {
                    path: target.to_owned(),
                });
            }
            Ok(_) => {
                let empty = is_empty(target).map_err(|e| write_failure(target, e))?;
                if !empty && !force {
                    return Err(Failure::NotEmpty {
                        path: target.to_owned(),
                    });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(write_failure(target, error)),
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(|e| write_failure(&parent, e))?;
        let name = target
            .file_name()
            .map_or_else(|| "out".into(), |n| n.to_string_lossy().into_owned());
        let hidden = format!(".{name}.part-{}", std::process::id());
        // In a folder that may be written to though its parent may not, or that is a disk of its own (files are not
        // renamed from disk to disk), aside is inside.
        let disk = |path: &Path| fs::metadata(path).map(|m| m.dev()).ok();
        let apart = target.exists() && disk(target) != disk(&parent);
        let beside = (!apart).then(|| parent.join(&hidden));
        let mut failure = None;
        for aside in beside.into_iter().chain([target.join(&hidden)]) {
            match fs::create_dir(&aside) {
                Ok(()) => {
                    if target.exists() {
                        // Find out now, not after the work, whether the target can be written to.
                        let probe = target.join(format!("{hidden}-probe"));
                        if let Err(error) =
                            fs::create_dir(&probe).and_then(|()| fs::remove_dir(&probe))
                        {
                            let _ = fs::remove_dir(&aside);
                            return Err(write_failure(target, error));
                        }
                    }
                    return Ok(Staged {
                        target: target.to_owned(),
                        aside,
                        finished: false,
                    });
                }
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        Err(write_failure(
            target,
            failure.unwrap_or_else(|| io::Error::other("the folder cannot be made")),
        ))
    }

    /// Where to write.
    pub(crate) fn path(&self) -> &Path {
        &self.aside
    }

    /// Puts everything in its place.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let fail = |e| write_failure(&self.target, e);
        if !self.target.exists() {
            fs::rename(&self.aside, &self.target).map_err(fail)?;
            self.finished = true;
            return Ok(());
        }
        remove_earlier(&self.target, &self.aside).map_err(fail)?;
        move_into(&self.aside, &self.target).map_err(fail)?;
        fs::remove_dir_all(&self.aside).map_err(fail)?;
        self.finished = true;
        Ok(())
    }
}

/// The files of an inspection or of a made-up council. With `--force` those of an earlier run go, so
/// that no old result stands beside a new one; anything else in the folder stays.
const OURS: [&str; 10] = [
    "inspection.json",
    "verdicts.csv",
    "people.csv",
    "quality.csv",
    "worklist.csv",
    "report.html",
    "return.csv",
    "return-1.csv",
    "return-2.csv",
    "truth.csv",
];

fn remove_earlier(folder: &Path, aside: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.file_name() == aside.file_name() {
            continue; // what is about to be put in place
        }
        if entry.file_type()?.is_dir() {
            // A council's folder of an inspection of several.
            if path.join("inspection.json").is_file() {
                remove_earlier(&path, aside)?;
                if is_empty(&path)? {
                    fs::remove_dir(&path)?;
                }
            }
        } else if OURS.iter().any(|name| entry.file_name() == *name) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Moves every file of `from` to the same place under `to`, replacing what is there.
fn move_into(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&place)?;
            move_into(&entry.path(), &place)?;
        } else {
            fs::rename(entry.path(), place)?;
        }
    }
    Ok(())
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// The file in which the pseudonym key is kept when none is named: in the user's own settings.
pub(crate) fn default_key() -> Result<PathBuf, Failure> {
    let settings = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))
        .ok_or(Failure::NoHome)?;
    Ok(settings.join("candour").join("pseudonym.key"))
}

/// Whether `path` would lie inside `folder`, links and all; either may not be there yet.
pub(crate) fn lies_inside(path: &Path, folder: &Path) -> bool {
    // Part by part, so that `..` is taken where links lead; parts that are not there yet will be folders.
    fn real(path: &Path) -> PathBuf {
        let mut found = PathBuf::new();
        for part in std::path::absolute(path)
            .unwrap_or_else(|_| path.to_owned())
            .components()
        {
            match part {
                Component::ParentDir => {
                    found.pop();
                }
                part => found.push(part),
            }
            if let Ok(there) = found.canonicalize() {
                found = there;
            }
        }
        found
    }
    real(path).starts_with(real(folder))
}
