//! The devices in one report, and when each gave its last sign. Pure: the time is passed in.

use domain::field::FieldKey;
use domain::id::PersonId;
use domain::limits::PRESENT_DEVICES;
use domain::sync::presence::{Presence, Present};
use std::collections::BTreeMap;
use std::time::Duration;

/// A device that is in a report, as the server knows it.
#[derive(Debug, Clone)]
pub struct Device {
    /// Who is signed in on it.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What the device calls itself.
    pub device: String,
    /// The field that the person is in.
    pub field: Option<FieldKey>,
}

/// Who is in one report.
#[derive(Debug)]
pub struct Room {
    away: Duration,
    devices: BTreeMap<(PersonId, String), Seat>,
}

#[derive(Debug)]
struct Seat {
    name: String,
    field: Option<FieldKey>,
    /// The last sign, on the clock of whoever passes the time.
    seen: Duration,
}

impl Room {
    /// An empty room, in which a device is shown for `away` after its last sign.
    pub const fn new(away: Duration) -> Self {
        Self { away, devices: BTreeMap::new() }
    }

    /// A device is here. Whether what is shown changed.
    pub fn enter(&mut self, Device { person, name, device, field }: Device, now: Duration) -> bool {
        let expired = self.expire(now);
        let key = (person, device);
        if let Some(seat) = self.devices.get_mut(&key) {
            let changed = seat.field != field || seat.name != name;
            *seat = Seat { name, field, seen: now };
            return changed || expired;
        }
        self.devices.insert(key, Seat { name, field, seen: now });
        if self.devices.len() > PRESENT_DEVICES {
            self.make_room();
        }
        true
    }

    /// A device is no longer here. Whether what is shown changed.
    pub fn leave(&mut self, person: PersonId, device: &str) -> bool {
        self.devices.remove(&(person, device.to_owned())).is_some()
    }

    /// Whoever gave no sign for too long is no longer here. Whether what is shown changed.
    pub fn expire(&mut self, now: Duration) -> bool {
        let before = self.devices.len();
        self.devices.retain(|_, seat| now.saturating_sub(seat.seen) < self.away);
        self.devices.len() != before
    }

    /// What is shown.
    pub fn presence(&self) -> Presence {
        let present = |((person, device), seat): (&(PersonId, String), &Seat)| Present {
            person: *person,
            name: seat.name.clone(),
            device: device.clone(),
            field: seat.field.map(|field| field.to_string()),
        };
        Presence { people: self.devices.iter().map(present).collect() }
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// Whoever has the most devices here gives up the one that was silent the longest: nobody crowds others out.
    fn make_room(&mut self) {
        let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
        for (person, _) in self.devices.keys() {
            *counts.entry(*person).or_default() += 1;
        }
        let Some((most, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
        let theirs = self.devices.iter().filter(|((person, _), _)| *person == most);
        let silent = theirs.min_by_key(|(_, seat)| seat.seen).map(|(key, _)| key.clone());
        if let Some(key) = silent {
            self.devices.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::ContactField;
    use domain::time::Timestamp;

    const AWAY: Duration = Duration::from_secs(30);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn person(n: u8) -> PersonId {
        PersonId::new(Timestamp::from_millis(1), &[n; 10])
    }

    fn device(n: u8, device: &str, field: Option<ContactField>) -> Device {
        let field = field.map(FieldKey::Contact);
        Device { person: person(n), name: format!("person {n}"), device: device.to_owned(), field }
    }

    fn shown(room: &Room) -> Vec<String> {
        let line = |one: Present| format!("{} {} {}", one.name, one.device, one.field.unwrap_or_default());
        room.presence().people.into_iter().map(line).collect()
    }

    #[test]
    fn each_device_is_shown_with_its_field_and_only_news_is_a_change() {
        let mut room = Room::new(AWAY);
        assert!(room.enter(device(1, "a", None), at(0)));
        assert!(!room.enter(device(1, "a", None), at(1)));
        assert!(room.enter(device(1, "a", Some(ContactField::Name)), at(2)));
        assert!(room.enter(device(1, "b", None), at(2)));
        assert!(room.enter(device(2, "a", None), at(2)));
        assert_eq!(shown(&room), ["person 1 a contact/name", "person 1 b ", "person 2 a "]);
        assert!(room.leave(person(1), "b"));
        assert!(!room.leave(person(1), "b"));
        assert!(!room.leave(person(3), "a"));
        assert_eq!(shown(&room), ["person 1 a contact/name", "person 2 a "]);
    }

    #[test]
    fn a_device_that_gives_no_sign_is_gone_after_its_time_and_not_before() {
        let mut room = Room::new(AWAY);
        room.enter(device(1, "a", None), at(0));
        room.enter(device(2, "b", None), at(20));
        assert!(!room.expire(at(29)));
        assert!(room.expire(at(30)));
        assert_eq!(shown(&room), ["person 2 b "]);
        room.enter(device(2, "b", None), at(45));
        assert!(!room.expire(at(74)));
        assert!(room.enter(device(1, "a", None), at(80)), "the one is new, the other expired");
        assert_eq!(shown(&room), ["person 1 a "]);
        assert!(room.expire(at(200)) && room.is_empty());
        assert!(!room.expire(at(0)), "an earlier time is no harm");
    }

    #[test]
    fn a_room_is_bounded_and_one_person_does_not_crowd_out_another() {
        let mut room = Room::new(AWAY);
        room.enter(device(2, "alone", None), at(0));
        for n in 0..500 {
            room.enter(device(1, &format!("d{n}"), None), at(1 + n / 100));
            assert!(room.presence().people.len() <= PRESENT_DEVICES);
        }
        assert!(shown(&room).contains(&"person 2 alone ".to_owned()));
        assert!(shown(&room).contains(&"person 1 d499 ".to_owned()));
        assert!(room.enter(device(3, "late", None), at(6)));
        assert_eq!(room.presence().people.len(), PRESENT_DEVICES);
        assert!(shown(&room).contains(&"person 3 late ".to_owned()));
    }
}
