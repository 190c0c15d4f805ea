//! The faults stop: everybody signs in, the network carries everything, people choose between their texts. All must
//! come to rest, and what was promised must be true.

use crate::checks;
use crate::device::Device;
use crate::network::{Ask, Reply};
use crate::words::{shortened, words_of};
use crate::world::{Broken, LONGEST, World};
use domain::field::FieldValue;
use domain::sync::local::LocalReport;
use domain::sync::wire::{PROTOCOL, Push, Seq};

/// Rounds in which all must come to rest.
const ROUNDS: usize = 40;

impl World {
    pub fn finish(mut self) -> Result<(), Broken> {
        self.network.cut();
        self.server.open = true;
        for d in 0..self.devices.len() {
            self.server.signed_in.insert(self.devices[d].person);
            self.devices[d].crash();
            self.show(d, 0);
            self.devices[d].journal.retry_refused();
            self.devices[d].marker.retry();
        }
        self.rest(false)?;
        checks::both_texts_are_kept(&self)?;
        self.rest(true)?;
        self.read_on()?;
        checks::in_the_end(&self)?;
        checks::boards_show_what_the_server_has(&self)
    }

    /// Every board and the table read the log to its end.
    fn read_on(&mut self) -> Result<(), Broken> {
        let disk = &mut self.server.disk;
        for board in &mut self.boards {
            board.read(disk, usize::MAX)?;
            board.read(disk, usize::MAX)?;
        }
        disk.log.derive(false, usize::MAX / 2)?;
        match usize::try_from(disk.log.cursor.batch) {
            Ok(read) if read == disk.log.batches.len() => Ok(()),
            _ => Err(Broken::new("a_table_reads_to_the_end", format!("{:?}", disk.log.cursor))),
        }
    }

    /// Everybody sends, hears and, where asked to, chooses, until nothing changes any more.
    fn rest(&mut self, choose: bool) -> Result<(), Broken> {
        for round in 0..ROUNDS {
            let before = self.state();
            for d in 0..self.devices.len() {
                self.turn(d)?;
                if choose {
                    self.shorten(d);
                    for n in 0..8 {
                        self.show(d, 0);
                        self.resolve(d, 0, n * 8 + 3 + round % 2);
                    }
                    self.turn(d)?;
                }
            }
            if self.state() == before {
                return Ok(());
            }
        }
        let journals: Vec<_> = self.devices.iter().map(|device| checks::brief(&device.journal)).collect();
        Err(Broken::new("all_comes_to_rest", journals.join("\n")))
    }

    fn state(&self) -> (Seq, Vec<LocalReport>) {
        (self.server.disk.seq, self.devices.iter().map(|device| device.journal.clone()).collect())
    }

    /// What an outbox does in one turn, with nothing in its way.
    fn turn(&mut self, d: usize) -> Result<(), Broken> {
        for _ in 0..20 {
            self.server.made.extend(self.ids.made.drain(..));
            let operations = self.devices[d].journal.hand_over();
            if operations.is_empty() {
                break;
            }
            let handed = operations.iter().map(|operation| (operation.op_id, operation.hash.clone()));
            self.devices[d].unanswered.extend(handed);
            let Device { person, journal, .. } = &self.devices[d];
            let push = Push {
                protocol: PROTOCOL,
                person: *person,
                device: None,
                instance: journal.council.instance,
                mark: journal.council.mark,
                operations,
            };
            self.devices[d].sending = Some(0);
            self.exchange(d, &Ask::Push(serde_json::to_string(&push).expect("JSON")))?;
            checks::always(self)?;
        }
        self.turn_marks(d)?;
        let heard = self.devices[d].journal.heard();
        self.devices[d].asked.insert(0, heard);
        let mark = self.devices[d].journal.council.mark;
        self.exchange(d, &Ask::Draft(mark))?;
        checks::always(self)
    }

    pub fn exchange(&mut self, device: usize, ask: &Ask) -> Result<(), Broken> {
        let body = self.serve(device, ask)?;
        self.hear(&Reply { device, id: 0, body, genuine: true });
        Ok(())
    }

    /// The person shortens what the council cannot take.
    fn shorten(&mut self, d: usize) {
        let device = &mut self.devices[d];
        let held: Vec<FieldValue> = device
            .journal
            .fields
            .values()
            .filter(|field| field.held.is_some() && field.conflict.is_none())
            .map(|field| field.value.clone())
            .collect();
        for value in held {
            let text = shortened(value.text().unwrap_or_default(), LONGEST);
            let short = value.with_text(text);
            let kept: Vec<&str> = words_of(&short).collect();
            self.dropped.extend(words_of(&value).filter(|word| !kept.contains(word)).map(str::to_owned));
            let op_id = self.ids.id(device.clock);
            device.journal.write(short, Some(&value), op_id);
        }
    }
}
