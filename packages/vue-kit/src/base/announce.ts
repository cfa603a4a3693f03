export type Politeness = 'polite' | 'assertive'

const regions = new Map<Politeness, HTMLElement>()

function regionOf(politeness: Politeness): HTMLElement {
  const known = regions.get(politeness)
  if (known?.isConnected === true) return known
  const region = document.createElement('div')
  region.className = 'kit-hidden'
  region.setAttribute('aria-live', politeness)
  region.setAttribute('role', politeness === 'polite' ? 'status' : 'alert')
  document.body.append(region)
  regions.set(politeness, region)
  return region
}

/** Says a text to screen readers: `polite` after what is being read, `assertive` at once. The same text twice is said twice. */
export function announce(text: string, politeness: Politeness = 'polite'): void {
  const region = regionOf(politeness)
  const line = document.createElement('p')
  line.textContent = text
  region.replaceChildren(line)
}
