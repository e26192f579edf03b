// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';

interface TableProps {
  /** What the table is of; or the id of the heading that says so. */
  name: { label: string } | { heading: string };
  /** Those of figures stand at the right. */
  columns: (string | { figures: string })[];
  caption?: string;
  testId?: string;
  children: ComponentChildren;
}

/** A table in a frame of its own, which scrolls by keyboard, too, where the table is too large. */
export function Table({ name, columns, caption, testId, children }: TableProps) {
  const named = 'label' in name ? { 'aria-label': name.label } : { 'aria-labelledby': name.heading };
  return (
    <div class="table-frame" role="group" tabIndex={0} {...named}>
      <table data-testid={testId}>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.figures} scope="col" class="number">
                  {column.figures}
                </th>
              ),
            )}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
