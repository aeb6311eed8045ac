package library

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const lockName = "wenbao.lock"

// lock takes the writer's lock of dir without waiting and signs it. The kernel
// frees it when the process ends, however it ends.
func lock(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, lockName)
	lk := flock.New(path)
	ok, err := lk.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock library: %w", err)
	}
	if !ok {
		return nil, lockedBy(dir, path)
	}
	// Written in place: a rename would leave the lock on a file without a name.
	// Where a locked file cannot be written (Windows), the holder goes unnamed.
	text := fmt.Sprintf("%d %d\n", os.Getpid(), time.Now().Unix())
	_ = os.WriteFile(path, []byte(text), fileMode)
	return lk, nil
}

// unlock blanks the signature first, so that nobody reads it as the next holder's.
func unlock(lk *flock.Flock) error {
	_ = os.Truncate(lk.Path(), 0) // it only informs
	if err := lk.Unlock(); err != nil {
		return fmt.Errorf("unlock library: %w", err)
	}
	return nil
}

// lockedBy reads the holder's signature, which is informative only: the file may
// be empty or half written at this moment.
func lockedBy(dir, path string) *LockedError {
	e := &LockedError{Dir: dir}
	text, err := os.ReadFile(path)
	if err != nil {
		return e
	}
	var pid int
	var since int64
	if n, _ := fmt.Sscanf(string(text), "%d %d\n", &pid, &since); n == 2 {
		e.PID, e.Since = pid, time.Unix(since, 0)
	}
	return e
}
