/** The colours of one theme: names of Vuetify's theme and of the kit's custom properties (`--kit-<name>`). */
interface Colours {
  readonly [name: string]: string
}

const LIGHT: Colours = {
  background: '#FAFAF8',
  surface: '#FFFFFF',
  'surface-variant': '#F1F1ED',
  'surface-bright': '#FFFFFF',
  'surface-light': '#F1F1ED',
  'on-background': '#1B1D1F',
  'on-surface': '#1B1D1F',
  'on-surface-variant': '#1B1D1F',
  outline: '#D9D9D2',
  'outline-strong': '#80868B',
  muted: '#5B6167',
  primary: '#0B6E4F',
  secondary: '#5B6167',
  info: '#1F5FBF',
  success: '#0B6E4F',
  warning: '#9A5B00',
  error: '#B3261E',
  'on-primary': '#FFFFFF',
  'on-secondary': '#FFFFFF',
  'on-info': '#FFFFFF',
  'on-success': '#FFFFFF',
  'on-warning': '#FFFFFF',
  'on-error': '#FFFFFF',
}

const DARK: Colours = {
  background: '#101214',
  surface: '#16191C',
  'surface-variant': '#1E2226',
  'surface-bright': '#1E2226',
  'surface-light': '#1E2226',
  'on-background': '#E6E8EA',
  'on-surface': '#E6E8EA',
  'on-surface-variant': '#E6E8EA',
  outline: '#30363C',
  'outline-strong': '#727A82',
  muted: '#9BA3AB',
  primary: '#4CC38A',
  secondary: '#9BA3AB',
  info: '#6EA8FF',
  success: '#4CC38A',
  warning: '#F2B04B',
  error: '#FF8A80',
  'on-primary': '#101214',
  'on-secondary': '#101214',
  'on-info': '#101214',
  'on-success': '#101214',
  'on-warning': '#101214',
  'on-error': '#101214',
}

// Vuetify's own opacities leave labels and hints below 4.5:1.
const variables = (outline: string) => ({
  'border-color': outline,
  'border-opacity': 1,
  'high-emphasis-opacity': 1,
  'medium-emphasis-opacity': 0.76,
  'disabled-opacity': 0.5,
  'hover-opacity': 0.06,
  'focus-opacity': 0.08,
  'shadow-color': outline,
})

/** The light and the dark theme in the shape that Vuetify takes. */
export const THEMES = {
  light: { dark: false, colors: { ...LIGHT }, variables: variables('#D9D9D2') },
  dark: { dark: true, colors: { ...DARK }, variables: variables('#30363C') },
}
