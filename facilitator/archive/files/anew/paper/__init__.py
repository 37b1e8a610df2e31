"""What of a PDF is kept, part by part. Each part is made of values that were read and judged, never of a part that was found."""
