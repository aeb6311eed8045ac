package library

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

const (
	manifestPrefix, manifestSuffix = "manifest-", ".wbm"
	segmentPrefix, segmentSuffix   = "seg-", ".wbs"
	tempSuffix                     = ".tmp"

	fileMode fs.FileMode = 0o644
	dirMode  fs.FileMode = 0o755
)

func manifestName(generation uint64) string {
	return numbered(manifestPrefix, generation, manifestSuffix)
}
func segmentName(number uint64) string { return numbered(segmentPrefix, number, segmentSuffix) }

func numbered(prefix string, n uint64, suffix string) string {
	return prefix + strconv.FormatUint(n, 10) + suffix
}

// number reads what numbered wrote; ok is false for any other spelling.
func number(name, prefix, suffix string) (n uint64, ok bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	if digits, ok = strings.CutSuffix(digits, suffix); !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil && numbered(prefix, n, suffix) == name
}

// listing is what lies in a library's directory.
type listing struct {
	manifests []uint64 // generations
	segments  []uint64 // numbers
	temps     []string // names
}

func list(dir string) (listing, error) {
	var found listing
	entries, err := os.ReadDir(dir)
	if err != nil {
		return found, fmt.Errorf("list library: %w", err)
	}
	for _, e := range entries {
		if n, ok := number(e.Name(), manifestPrefix, manifestSuffix); ok {
			found.manifests = append(found.manifests, n)
		} else if n, ok := number(e.Name(), segmentPrefix, segmentSuffix); ok {
			found.segments = append(found.segments, n)
		} else if strings.HasSuffix(e.Name(), tempSuffix) {
			found.temps = append(found.temps, e.Name())
		}
	}
	return found, nil
}

// fileSystem is everything a writer does to the directory, apart from its lock.
type fileSystem interface {
	// Create makes an empty file for writing, in place of one of that name.
	Create(path string) (file, error)
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir makes the names in dir durable.
	SyncDir(dir string) error
}

type file interface {
	io.Writer
	Sync() error
	Close() error
}

// disk is the operating system's file system.
type disk struct{}

func (disk) Create(path string) (file, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
}

func (disk) Rename(from, to string) error { return os.Rename(from, to) }

func (disk) Remove(path string) error { return os.Remove(path) }

func (disk) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeFile makes a file of dir durable, or leaves none.
func writeFile(fsys fileSystem, dir, name string, content []byte) error {
	f, err := fsys.Create(filepath.Join(dir, name+tempSuffix))
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return publish(fsys, dir, name, f, err)
}

// publish syncs and closes f, the temporary file of name, and gives it that name
// durably. An earlier error in writing it makes publish clear it away and give
// the error back.
func publish(fsys fileSystem, dir, name string, f file, err error) error {
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	path := filepath.Join(dir, name)
	if err == nil {
		err = fsys.Rename(path+tempSuffix, path)
	}
	if err != nil {
		_ = fsys.Remove(path + tempSuffix) // or the next writer does it
		return err
	}
	return fsys.SyncDir(dir)
}
