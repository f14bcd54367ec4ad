/** Rows are kept at most this wide where no width is known; what is longer ends in an ellipsis. */
export const DEFAULT_WIDTH = 120;

/** One cell: its text, and how it is painted once its width is known. */
export type TableCell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Lines in which all columns but the last are as wide as their widest cell. `right` columns are flush right. */
export function table(
  rows: readonly (readonly TableCell[])[],
  indent: number,
  right: readonly number[] = [],
  most = DEFAULT_WIDTH,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length);
    });
  }
  return rows.map((row) => {
    let line = ' '.repeat(indent);
    let used = indent;
    row.forEach((cell, column) => {
      const last = column === row.length - 1;
      const width = widths[column] ?? 0;
      const text = last ? shorten(textOf(cell), most - used) : textOf(cell);
      const padding = ' '.repeat(Math.max(0, width - text.length));
      const painted = typeof cell === 'string' ? text : cell.paint(text);
      line += right.includes(column) ? padding + painted : last ? painted : painted + padding;
      used += width;
      if (last) return;
      line += '  ';
      used += 2;
    });
    return line.trimEnd();
  });
}

/** At most `width` characters; never so short that nothing can be read. */
function shorten(text: string, width: number): string {
  const most = Math.max(width, 20);
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

function textOf(cell: TableCell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
