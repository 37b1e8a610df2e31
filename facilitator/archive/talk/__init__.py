"""What colleagues say under a published card: questions and answers, and how it went when they tried it."""
