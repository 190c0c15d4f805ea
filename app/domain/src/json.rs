//! JSON forms that the derive writes at great length.
//!
//! serde reads a tagged or flattened type into a form of its own first, with readers for every type of number and
//! text; that code was a tenth of what a browser downloads. A `serde_json::Value` is such a form too, and is there
//! anyway: the wire keeps what it does not know in it.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// Reads `{"<tag>":"<variant>",…}` with a reader of `"<variant>"` or `{"<variant>":{…}}`.
///
/// # Errors
/// When there is no such tag, or its variant is not read.
pub fn read_tagged<T>(tag: &str, value: Value, read: impl Fn(&Value) -> Result<T, Error>) -> Result<T, Error> {
    let Value::Object(mut fields) = value else { return Err(Error::custom("not an object")) };
    let Some(Value::String(variant)) = fields.remove(tag) else { return Err(Error::custom("its kind is not named")) };
    let with_fields = Value::Object(Object::from_iter([(variant.clone(), Value::Object(fields))]));
    // A variant without fields may still come with some of a newer program.
    read(&with_fields).or_else(|error| read(&Value::String(variant)).map_err(|_| error))
}

/// The way back from what the plain writer made.
///
/// # Errors
/// When it did not make an enum.
pub fn write_tagged(tag: &str, plain: Value) -> Result<Value, Error> {
    let named = |variant: String, mut fields: Object| {
        fields.insert(tag.to_owned(), Value::String(variant));
        Ok(Value::Object(fields))
    };
    match plain {
        Value::String(variant) => named(variant, Object::new()),
        Value::Object(one) => match one.into_iter().next() {
            Some((variant, Value::Object(fields))) => named(variant, fields),
            _ => Err(Error::custom("a variant without named fields")),
        },
        _ => Err(Error::custom("not an enum")),
    }
}

/// Gives an enum that derives serde's traits with `#[serde(remote = "Self")]` the form `{"<tag>":"<variant>",…}`.
#[macro_export]
macro_rules! tagged {
    ($type:ty, $tag:literal) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let value = ::serde_json::Value::deserialize(source)?;
                $crate::json::read_tagged($tag, value, |plain| <$type>::deserialize(plain))
                    .map_err(::serde::de::Error::custom)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                let plain = <$type>::serialize(self, ::serde_json::value::Serializer);
                let value = plain.and_then(|plain| $crate::json::write_tagged($tag, plain));
                value.map_err(::serde::ser::Error::custom)?.serialize(target)
            }
        }
    };
}

/// Gives a struct that derives serde's traits with `#[serde(remote = "Self")]`, and whose `extra` they skip, the
/// habit of keeping there what it does not know.
#[macro_export]
macro_rules! keeps_unknown {
    ($type:ty { $($field:literal),+ }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let value = ::serde_json::Value::deserialize(source)?;
                let mut known = <$type>::deserialize(&value).map_err(::serde::de::Error::custom)?;
                if let ::serde_json::Value::Object(mut fields) = value {
                    for name in [$($field),+] {
                        fields.remove(name);
                    }
                    known.extra = fields;
                }
                Ok(known)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                let plain = <$type>::serialize(self, ::serde_json::value::Serializer);
                let mut value = plain.map_err(::serde::ser::Error::custom)?;
                if let ::serde_json::Value::Object(fields) = &mut value {
                    for (name, kept) in &self.extra {
                        fields.entry(name.clone()).or_insert_with(|| kept.clone());
                    }
                }
                value.serialize(target)
            }
        }
    };
}

/// Reads a value of any type.
///
/// # Errors
/// When it is of another form.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value)
}

/// Writes a value of any type; what cannot be written is null, and no type here is such.
pub fn write<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self", rename_all = "snake_case")]
    enum Sample {
        Bare,
        Empty {},
        Named { n: u8 },
        Held(Inner),
    }
    crate::tagged!(Sample, "kind");

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Inner {
        a: u8,
        #[serde(skip)]
        extra: Object,
    }
    crate::keeps_unknown!(Inner { "a" });

    #[test]
    fn tagged_forms_are_those_of_the_derive() {
        let inner = Inner { a: 1, extra: Object::from_iter([("new".to_owned(), json!([2]))]) };
        let cases = [
            (Sample::Bare, json!({"kind": "bare"})),
            (Sample::Empty {}, json!({"kind": "empty"})),
            (Sample::Named { n: 3 }, json!({"kind": "named", "n": 3})),
            (Sample::Held(inner), json!({"kind": "held", "a": 1, "new": [2]})),
        ];
        for (sample, json) in cases {
            assert_eq!(write(&sample), json);
            assert_eq!(read::<Sample>(&json).expect("the sample"), sample);
        }
    }

    #[test]
    fn what_a_newer_program_adds_is_passed_over_and_what_is_wrong_is_refused() {
        assert_eq!(read::<Sample>(&json!({"kind": "bare", "new": 1})).expect("the sample"), Sample::Bare);
        for wrong in [json!(null), json!({}), json!({"kind": 1}), json!({"kind": "other"}), json!({"kind": "named"})] {
            assert!(read::<Sample>(&wrong).is_err(), "{wrong}");
        }
    }
}
