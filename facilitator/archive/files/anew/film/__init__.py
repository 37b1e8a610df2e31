"""What of a film is kept. Each box and each element is written from values that were read and judged, never taken over."""
