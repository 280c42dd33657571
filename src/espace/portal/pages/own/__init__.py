"""What holders do with their documents: add their own, describe them, arrange, remove and put back."""
