package source

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// What can be wrong with a file. A Problem wraps one of these, an error of
// package fs such as fs.ErrPermission, a context's error, or what reading gave.
var (
	ErrEmpty     = errors.New("no text")
	ErrBinary    = errors.New("not a text file")
	ErrTooLarge  = errors.New("too large")
	ErrCharset   = errors.New("unknown charset")
	ErrFormat    = errors.New("broken format")
	ErrLoop      = errors.New("symbolic link loop")
	ErrTruncated = errors.New("cut short")
	ErrDate      = errors.New("no such date")
)

// Problem is something wrong with one file or one line of it.
type Problem struct {
	Path string
	// Line counts from 1; it is 0 when the file as a whole is meant.
	Line int
	Err  error
}

// Error names the file, the line where there is one, and what is wrong.
func (p *Problem) Error() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d: %v", p.Path, p.Line, p.Err)
	}
	return fmt.Sprintf("%s: %v", p.Path, p.Err)
}

// Unwrap gives what is wrong, for errors.Is and errors.As.
func (p *Problem) Unwrap() error { return p.Err }

// withoutPath takes the path out of an error of package os, because a Problem
// names it, and tells a loop of links from other errors.
func withoutPath(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		err = pathErr.Err
	}
	if errors.Is(err, syscall.ELOOP) {
		return ErrLoop
	}
	return err
}
