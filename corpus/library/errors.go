package library

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNoLibrary says that the directory holds no library.
	ErrNoLibrary = errors.New("no library")
	// ErrNoArticle says that the library holds no article of that ID.
	ErrNoArticle = errors.New("no such article")
	// ErrVersion says that the library was written by a newer wenbao.
	ErrVersion = errors.New("written by a newer version of wenbao")
)

// errClosed is what a writer answers once it is closed.
var errClosed = errors.New("library writer is closed")

// DamageError names a file of the library whose content is not what was written.
type DamageError struct {
	Path string
	// Offset, Batch and Article name the damaged record; they are zero when the
	// damage is the file's. Removing the batch and putting it again repairs it.
	Offset  int64
	Batch   string
	Article string
	Reason  string
}

func (e *DamageError) Error() string {
	if e.Article == "" {
		return fmt.Sprintf("%s is damaged: %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("%s is damaged at byte %d (article %s of %s): %s",
		e.Path, e.Offset, e.Article, e.Batch, e.Reason)
}

// LockedError says that another writer holds the library.
type LockedError struct {
	Dir string
	// PID and Since name the holder; they are zero when it has not signed.
	PID   int
	Since time.Time
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("library %s is being written by another process", e.Dir)
	}
	return fmt.Sprintf("library %s is being written by process %d since %s",
		e.Dir, e.PID, e.Since.Format(time.DateTime))
}
