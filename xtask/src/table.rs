//! Plain text tables: the first column to the left, the others to the right.

/// Lays out a heading and rows of as many cells, one line each.
pub fn layout(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|&cell| cell.to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&heading).chain(rows).collect();
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in lines {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let padding = " ".repeat(width - cell.chars().count());
            let cells = match column {
                0 => [cell, padding.as_str()],
                _ => [padding.as_str(), cell],
            };
            let gap = if column == 0 { "" } else { "  " };
            text.extend([gap, cells[0], cells[1]]);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["wasm".to_owned(), "1234".to_owned()]];
        assert_eq!(layout(&["file", "n"], &rows), "file     n\nwasm  1234\n");
    }
}
