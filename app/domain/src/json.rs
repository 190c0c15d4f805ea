//! JSON forms that the derive writes at great length.
//!
//! serde reads a tagged or flattened type into a form of its own first, with readers for every type of number and
//! text, and makes a reader of each struct's fields in any order, from an object or a list; that code was a fifth of
//! what a browser downloads. A `serde_json::Value` is such a form too, and is there anyway: the wire keeps what it does
//! not know in it.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// Reads `{"<tag>":"<variant>",…}` with a reader of `"<variant>"` or `{"<variant>":{…}}`.
///
/// # Errors
/// When there is no such tag, or its variant is not read.
pub fn read_tagged<T>(tag: &str, value: Value, read: impl Fn(Value) -> Result<T, Error>) -> Result<T, Error> {
    let Value::Object(mut fields) = value else { return Err(Error::custom("not an object")) };
    let Some(Value::String(variant)) = fields.remove(tag) else { return Err(Error::custom("its kind is not named")) };
    let with_fields = Value::Object(Object::from_iter([(variant.clone(), Value::Object(fields))]));
    // A variant without fields may still come with some of a newer program.
    read(with_fields).or_else(|error| read(Value::String(variant)).map_err(|_| error))
}

/// Takes a field of an object; one that is not there is read as null, which only what is optional is.
///
/// # Errors
/// When it is of another form.
pub fn take<T: DeserializeOwned>(object: &mut Object, name: &str) -> Result<T, Error> {
    T::deserialize(object.remove(name).unwrap_or_default())
}

/// Takes a field that older programs did not write.
///
/// # Errors
/// When it is there, of another form.
pub fn take_or_default<T: DeserializeOwned + Default>(object: &mut Object, name: &str) -> Result<T, Error> {
    object.remove(name).map_or_else(|| Ok(T::default()), T::deserialize)
}

/// Reads a struct from an object, by the names of its fields; what it does not know it passes over. `or default`: a
/// field that older programs did not write.
#[macro_export]
macro_rules! record {
    (@take $object:ident $field:ident) => { $crate::json::take(&mut $object, stringify!($field)) };
    (@take $object:ident $field:ident or $default:path) => {
        $crate::json::take_or_default(&mut $object, stringify!($field))
    };
    ($type:ty { $($field:ident $($how:ident $what:path)?),+ $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let mut object = $crate::json::Object::deserialize(source)?;
                let mut read = || -> Result<Self, ::serde_json::Error> {
                    Ok(Self { $($field: $crate::record!(@take object $field $($how $what)?)?),+ })
                };
                read().map_err(::serde::de::Error::custom)
            }
        }
    };
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

/// [`record!`](crate::record) for a struct that derives `Serialize` with `#[serde(remote = "Self")]` and skips its
/// `extra`, where it keeps what it does not know. `@write`: only the writer, of a type that has a reader of its own.
#[macro_export]
macro_rules! keeps_unknown {
    (@write $type:ty) => {
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
    ($type:ty { $($field:ident $($how:ident $what:path)?),+ $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let mut object = $crate::json::Object::deserialize(source)?;
                let mut read = || -> Result<Self, ::serde_json::Error> {
                    $(let $field = $crate::record!(@take object $field $($how $what)?)?;)+
                    Ok(Self { $($field,)+ extra: ::std::mem::take(&mut object) })
                };
                read().map_err(::serde::de::Error::custom)
            }
        }

        $crate::keeps_unknown!(@write $type);
    };
}

/// Reads a value of any type.
///
/// # Errors
/// When it is of another form.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value.clone())
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

    #[derive(Debug, PartialEq, Serialize)]
    #[serde(remote = "Self")]
    struct Inner {
        a: u8,
        #[serde(skip)]
        extra: Object,
    }
    crate::keeps_unknown!(Inner { a });

    #[derive(Debug, PartialEq, Serialize)]
    struct Plain {
        a: u8,
        b: Option<u8>,
        c: Vec<u8>,
        d: u8,
    }
    crate::record!(Plain { a, b, c or default, d });

    #[test]
    fn a_record_needs_what_is_neither_optional_nor_new() {
        let read = |json: Value| read::<Plain>(&json).ok();
        assert_eq!(read(json!({"a": 1, "d": 2, "new": 3})), Some(Plain { a: 1, b: None, c: vec![], d: 2 }));
        assert_eq!(read(json!({"a": 1, "b": 5, "c": [6], "d": 2})), Some(Plain { a: 1, b: Some(5), c: vec![6], d: 2 }));
        for wrong in [json!({"d": 2}), json!({"a": 1}), json!({"a": 1, "c": null, "d": 2}), json!([1, 5, [6], 2])] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }

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
