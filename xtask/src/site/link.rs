//! Makes one module of the first one and of the parts that a page needs at once. A module that is split
//! compresses worse than a whole one, and calls what it shares through a table; linked, it calls it directly, and the
//! optimiser sees all of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walrus::ir::{Call, Instr, InstrSeq, Value, VisitorMut, dfs_pre_order_mut};
use walrus::{ConstExpr, ElementItems, ElementKind, FunctionId, Module, ModuleConfig, RefType, TypeId};

use crate::files;
use crate::workspace::{Workspace, must_succeed};

use super::wasm::FEATURES;

/// The name under which the parts import what they share.
const SHARED: &str = "__wasm_split";

/// Writes the module that holds `main` and `parts` to `output`. Parts that are not in it find their places in its
/// table as in the one of `main`.
pub fn link(workspace: &Workspace, main: &Path, parts: &[PathBuf], output: &Path) -> Result<()> {
    let mut merge = workspace.node_tool("wasm-merge")?;
    merge.args(FEATURES).arg(main).arg(SHARED);
    for (number, part) in parts.iter().enumerate() {
        merge.arg(part).arg(format!("part_{number}"));
    }
    must_succeed(merge.arg("-o").arg(output))?;
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(&files::read(output)?).with_context(|| output.display().to_string())?;
    if module.tables.iter().filter(|table| table.element_ty == RefType::FUNCREF).count() != 1 {
        bail!("{} has not one table of functions, as is taken for granted here", output.display());
    }
    call_directly(&mut module);
    files::write(output, &module.emit_wasm())
}

/// Calls by a constant place in the table become calls of the function that is there. The places of parts that are
/// not in the module are empty and stay calls by the table: the loader fills them later, and changes no other.
fn call_directly(module: &mut Module) {
    let table = functions_by_place(module);
    let types: HashMap<FunctionId, TypeId> =
        module.funcs.iter().map(|function| (function.id(), function.ty())).collect();
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut Direct { table: &table, types: &types }, function, entry);
    }
}

/// What the segments put into the table, in their order: a later one writes over an earlier one.
fn functions_by_place(module: &Module) -> HashMap<i32, FunctionId> {
    let mut segments: Vec<_> = module.elements.iter().collect();
    segments.sort_by_key(|segment| segment.id());
    let mut table = HashMap::new();
    for segment in segments {
        let ElementKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. } = segment.kind else { continue };
        let functions: Vec<Option<FunctionId>> = match &segment.items {
            ElementItems::Functions(functions) => functions.iter().copied().map(Some).collect(),
            ElementItems::Expressions(_, expressions) => expressions.iter().map(function_of).collect(),
        };
        for (place, function) in (offset..).zip(functions) {
            match function {
                Some(function) => table.insert(place, function),
                None => table.remove(&place),
            };
        }
    }
    table
}

fn function_of(expression: &ConstExpr) -> Option<FunctionId> {
    match expression {
        ConstExpr::RefFunc(function) => Some(*function),
        _ => None,
    }
}

struct Direct<'a> {
    table: &'a HashMap<i32, FunctionId>,
    types: &'a HashMap<FunctionId, TypeId>,
}

impl VisitorMut for Direct<'_> {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        let mut instructions = Vec::with_capacity(sequence.instrs.len());
        for (instruction, location) in sequence.instrs.drain(..) {
            let called = match (&instruction, instructions.last()) {
                (Instr::CallIndirect(call), Some((Instr::Const(place), _))) => self.called(call.ty, place.value),
                _ => None,
            };
            let Some(func) = called else {
                instructions.push((instruction, location));
                continue;
            };
            instructions.pop();
            instructions.push((Instr::Call(Call { func }), location));
        }
        sequence.instrs = instructions;
    }
}

impl Direct<'_> {
    fn called(&self, expected: TypeId, place: Value) -> Option<FunctionId> {
        let Value::I32(place) = place else { return None };
        let function = *self.table.get(&place)?;
        (self.types.get(&function) == Some(&expected)).then_some(function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, ValType};

    /// A module whose table holds a function at 1, and nothing at 2; it calls by the given place.
    fn module(place: i32, result: &[ValType]) -> Module {
        let mut module = Module::default();
        let table = module.tables.add_local(false, 4, None, RefType::FUNCREF);
        let mut there = FunctionBuilder::new(&mut module.types, &[], &[]);
        there.func_body();
        let there = there.finish(Vec::new(), &mut module.funcs);
        let active = |offset| ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(offset)) };
        let null = ConstExpr::RefNull(RefType::FUNCREF);
        module.elements.add(active(1), ElementItems::Functions(vec![there, there]));
        module.elements.add(active(2), ElementItems::Expressions(RefType::FUNCREF, vec![null]));
        let expected = module.types.add(&[], result);
        let mut caller = FunctionBuilder::new(&mut module.types, &[], result);
        caller.func_body().i32_const(place).call_indirect(expected, table);
        let caller = caller.finish(Vec::new(), &mut module.funcs);
        module.exports.add("caller", caller);
        module
    }

    fn calls_directly(mut module: Module) -> bool {
        call_directly(&mut module);
        let caller = module.exports.get_func("caller").unwrap();
        let body = module.funcs.get(caller).kind.unwrap_local();
        let instructions = &body.block(body.entry_block()).instrs;
        matches!(instructions.as_slice(), [(Instr::Call(_), _)])
    }

    #[test]
    fn only_what_is_in_the_table_with_the_same_type_is_called_directly() {
        assert!(calls_directly(module(1, &[])));
        assert!(!calls_directly(module(2, &[])), "a place that a part fills later");
        assert!(!calls_directly(module(3, &[])), "a place behind what is known");
        assert!(!calls_directly(module(1, &[ValType::I32])), "another type");
    }
}
