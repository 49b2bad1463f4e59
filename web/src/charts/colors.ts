/** Canvas needs real colours: the browser resolves the token for the present theme. */
export function tokenColor(token: string): string {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.setProperty("color", `var(${token})`);
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

export function withAlpha(color: string, alpha: number): string {
  const parts = color.match(/[\d.]+/g)?.slice(0, 3) ?? [];
  return parts.length === 3 ? `rgba(${parts.join(", ")}, ${alpha})` : "transparent";
}
