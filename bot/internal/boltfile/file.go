package boltfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

var (
	// ErrLocked says that another program uses the file.
	ErrLocked = errors.New("file is in use by another program")
	// ErrDamaged says that the content of a file is not what was written.
	ErrDamaged = errors.New("file is damaged")
	// ErrNewer says that a newer version of the program wrote the file.
	ErrNewer = errors.New("file was written by a newer version")
	// ErrClosed is what every method of a closed File gives.
	ErrClosed = errors.New("file is closed")
)

// Format says what a file holds.
type Format struct {
	// Name tells files of different packages apart ("journal").
	Name string
	// Version counts from 1. A file of a higher one is not read.
	Version int
	// Buckets are the names of all the buckets.
	Buckets []string
}

const (
	// fileMode keeps what users ask from other users of the machine.
	fileMode fs.FileMode = 0o600

	lockSuffix = ".lock"
	tempSuffix = ".tmp"

	// lockWait is how long a program that is ending may still hold the file.
	lockWait = time.Second
	// lockRetry is how often the lock is tried meanwhile.
	lockRetry = 50 * time.Millisecond
)

// File is an open file. It is safe for concurrent use.
type File struct {
	path   string
	format Format
	lock   *flock.Flock
	queue  queue

	// using is held for reading by whoever uses db, for writing by who replaces it.
	using sync.RWMutex
	db    *bbolt.DB // nil once there is none

	// rewriting lets one Rewrite run at a time. They are numbered from 1: begun is
	// the last that began, done the last that succeeded.
	rewriting sync.Mutex
	begun     atomic.Int64
	done      int64
}

// Open opens the file at path, and makes it where there is none. The error is
// ErrLocked where another File has it open after a second of waiting, ErrDamaged
// where its content is not to be trusted, and ErrNewer.
func Open(path string, format Format) (*File, error) {
	f := &File{path: path, format: format, lock: flock.New(path+lockSuffix, flock.SetPermissions(fileMode))}
	if err := f.takeLock(); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	err := f.open()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), f.lock.Unlock())
	}
	return f, nil
}

func (f *File) takeLock() error {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	ok, err := f.lock.TryLockContext(ctx, lockRetry)
	if errors.Is(err, context.DeadlineExceeded) || err == nil && !ok {
		return ErrLocked
	}
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// open opens the file under the lock.
func (f *File) open() error {
	// A rewrite that was cut short leaves its file.
	if err := removeIfThere(f.path + tempSuffix); err != nil {
		return err
	}
	err := checkFile(f.path, f.format)
	if errors.Is(err, fs.ErrNotExist) {
		return f.create()
	}
	if err != nil {
		return err
	}
	f.db, err = openDB(f.path, false)
	return err
}

func (f *File) create() error {
	err := f.replace(func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error { return initialize(tx, f.format) })
	})
	if err != nil {
		return err
	}
	f.db, err = openDB(f.path, false)
	return err
}

func openDB(path string, noSync bool) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{Timeout: lockWait, NoSync: noSync})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, ErrLocked
	}
	return db, err
}

// View calls read with the file as it is now. A done ctx gives its error. Read
// must not use the File.
func (f *File) View(ctx context.Context, read func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.using.RLock()
	defer f.using.RUnlock()
	if f.db == nil {
		return ErrClosed
	}
	return f.db.View(func(tx *bbolt.Tx) error { return read(&Tx{tx}) })
}

// Sparse reports whether more of the file's pages are free than used.
func (f *File) Sparse() bool {
	f.using.RLock()
	defer f.using.RUnlock()
	if f.db == nil {
		return false
	}
	stats := f.db.Stats()
	free, all := stats.FreePageN+stats.PendingPageN, 0
	_ = f.db.View(func(tx *bbolt.Tx) error { // it fails for a closed database only
		all = int(tx.Size()) / f.db.Info().PageSize
		return nil
	})
	return free > all-free
}

// Close waits for what is being read and written, and closes the file.
func (f *File) Close() error {
	f.using.Lock()
	defer f.using.Unlock()
	if !f.lock.Locked() {
		return ErrClosed
	}
	var err error
	if f.db != nil { // it is nil where a rewrite could open no file any more
		err = f.db.Close()
		f.db = nil
	}
	return errors.Join(err, f.lock.Unlock())
}
