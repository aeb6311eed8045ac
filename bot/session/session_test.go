package session_test

import (
	"errors"
	"path/filepath"
	"testing"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/session"
)

func TestMemory(t *testing.T) {
	bottest.TestStore(t, func(*testing.T) bot.Store { return session.NewMemory() })
}

func TestFile(t *testing.T) {
	bottest.TestStore(t, func(t *testing.T) bot.Store {
		return openFile(t, filepath.Join(t.TempDir(), "sessions.db"))
	})
}

// openFile opens a file and closes it at the end of the test.
func openFile(t testing.TB, path string) *session.File {
	t.Helper()
	f, err := session.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil && !errors.Is(err, session.ErrClosed) {
			t.Error(err)
		}
	})
	return f
}
