"""« Proches »: who helps the holder, whom they help, invitations and their answers (A18-A27)."""
