/** Line icons on a 16-unit grid, drawn in the text's colour. Always beside a word or an accessible name. */

const PATHS = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6l7.5-4.8Z",
  theme: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12M8 5h4.6M8 8h6M8 11h4.6",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.4a1.7 1.7 0 1 1 2.5 1.5c-.5.3-.8.6-.8 1.1M8 11.2v.1",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3",
  check: "M3 8.5l3.2 3.2L13 4.8",
  plus: "M8 3v10M3 8h10",
  down: "M4 6l4 4 4-4",
  up: "M4 10l4-4 4 4",
  stack: "M8 2.2 14 5.4 8 8.6 2 5.4ZM2.6 8.2 8 11l5.4-2.8M2.6 11 8 13.8 13.4 11",
  right: "M6 4l4 4-4 4",
  left: "M10 4L6 8l4 4",
  columns: "M2.5 3h11v10h-11ZM6.2 3v10M9.8 3v10",
  gear: "M8 10.2A2.2 2.2 0 1 0 8 5.8a2.2 2.2 0 0 0 0 4.4ZM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4",
  grid: "M2.5 2.5h4.6v4.6H2.5ZM8.9 2.5h4.6v4.6H8.9ZM2.5 8.9h4.6v4.6H2.5ZM8.9 8.9h4.6v4.6H8.9Z",
  host: "M2.5 3h11v4h-11ZM2.5 9h11v4h-11ZM5 5h.1M5 11h.1",
  fleet: "M8 2.2a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM3.4 10.6a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM12.6 10.6a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM8 5.4v3M8 8.4l-3.4 2.4M8 8.4l3.4 2.4",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  key: "M10.5 8.5a3 3 0 1 0-2.8-2L2.5 11.7V14h2.3v-1.8h1.8v-1.8L8.5 8a3 3 0 0 0 2 .5ZM11 5h.1",
  out: "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
  link: "M9 3h4v4M13 3 7.5 8.5M11.5 9.5v3.8H2.8V4.6h3.8",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  again: "M13 3v3.5H9.5M13 6.3A5.4 5.4 0 1 0 13.3 9",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}

/** The product's mark: a bar with its limit. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 22 16" aria-hidden="true">
      <rect x="0" y="5" width="14" height="6" rx="1.5" class="mark-bar" />
      <rect x="16.5" y="1" width="2" height="14" rx="1" class="mark-tick" />
    </svg>
  );
}
