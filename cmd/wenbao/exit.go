package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/spf13/pflag"

	"wenbao/corpus/library"
	"wenbao/corpus/source"
	"wenbao/rag/cite"
	"wenbao/rag/index"
	"wenbao/rag/llm"
)

// The exit codes; "wenbao help exit-codes" tells users the same.
const (
	exitOK = 0
	// exitFailed: something could not be read, found or answered.
	exitFailed = 1
	// exitUsage: the command line makes no sense.
	exitUsage = 2
	// exitLibrary: there is no library, or it cannot be used as it is.
	exitLibrary = 3
	// exitInterrupted is what shells give for Ctrl-C.
	exitInterrupted = 130
)

// errTold is returned when the output has said already what is wrong.
var errTold = errors.New("told already")

// usageError is a line that cannot be understood; its message is for the user.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usage(message string) error { return &usageError{message} }

func usagef(format string, args ...any) error {
	return usage(fmt.Sprintf(format, args...))
}

// failure is something that went wrong, in words for the user.
type failure struct{ message string }

func (e *failure) Error() string { return e.message }

func fail(message string) error { return &failure{message} }

func failuref(format string, args ...any) error {
	return fail(fmt.Sprintf(format, args...))
}

// explain says in one line what is wrong and what to do, and gives the exit code.
func (m *messages) explain(err error) (message string, code int) {
	if errors.Is(err, errTold) {
		return "", exitFailed
	}
	if errors.Is(err, context.Canceled) {
		return m.Interrupted, exitInterrupted
	}
	if message, ok := m.explainUsage(err); ok {
		return message + m.UsageHint, exitUsage
	}
	if message, ok := m.explainLibrary(err); ok {
		return message, exitLibrary
	}
	return m.reason(err), exitFailed
}

// reason is a line about one thing that failed, without a code.
func (m *messages) reason(err error) string {
	if bad, ok := errors.AsType[*failure](err); ok {
		return bad.message
	}
	if p, ok := errors.AsType[*source.Problem](err); ok {
		return m.problem(p)
	}
	if message, ok := m.explainUsage(err); ok {
		return message
	}
	switch {
	case errors.Is(err, index.ErrNotFound), errors.Is(err, library.ErrNoArticle):
		return m.NoSuchID
	case errors.Is(err, index.ErrAmbiguous):
		return m.AmbiguousID
	case errors.Is(err, index.ErrDamaged):
		return m.IndexDamaged
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Sprintf(m.DiskFull, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf(m.NoPermission, err)
	}
	if message, ok := m.explainLibrary(err); ok {
		return message
	}
	// A model and a reranker that fail have something to stand in for them.
	if f := llm.FaultOf(err); f != llm.FaultOther || errors.Is(err, index.ErrEmbedding) {
		return fmt.Sprintf(m.EmbedderFailed, m.fault(f))
	}
	return fmt.Sprintf(m.Unexpected, err)
}

// wordsOnly tells that a search goes by words because the embedder failed.
func (m *messages) wordsOnly(err error) string {
	return fmt.Sprintf(m.WordsOnly, m.fault(llm.FaultOf(err)))
}

func (m *messages) explainUsage(err error) (string, bool) {
	if bad, ok := errors.AsType[*usageError](err); ok {
		return bad.message, true
	}
	if errors.Is(err, cite.ErrTooShort) {
		return m.QuoteTooShort, true
	}
	if bad, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return fmt.Sprintf(m.UnknownFlag, flagName(bad.GetSpecifiedName())), true
	}
	if bad, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return fmt.Sprintf(m.FlagNeedsValue, flagName(bad.GetSpecifiedName())), true
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return fmt.Sprintf(m.BadFlagValue, "--"+bad.GetFlag().Name, bad.GetValue()), true
	}
	if bad, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return fmt.Sprintf(m.UnknownFlag, bad.GetSpecifiedFlag()), true
	}
	return "", false
}

func flagName(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func (m *messages) explainLibrary(err error) (string, bool) {
	if locked, ok := errors.AsType[*library.LockedError](err); ok {
		if locked.PID == 0 {
			return fmt.Sprintf(m.LockedByUnknown, locked.Dir), true
		}
		return fmt.Sprintf(m.Locked, locked.Dir, locked.PID), true
	}
	if bad, ok := errors.AsType[*library.DamageError](err); ok {
		if bad.Article != "" {
			return fmt.Sprintf(m.DamagedRecord, bad.Path, bad.Batch, bad.Batch), true
		}
		return fmt.Sprintf(m.DamagedLibrary, bad.Path, bad.Reason), true
	}
	switch {
	case errors.Is(err, library.ErrNoLibrary):
		return m.NoLibrary, true
	case errors.Is(err, library.ErrVersion):
		return m.NewerLibrary, true
	case errors.Is(err, errNoHome):
		return m.NoHome, true
	}
	return "", false
}

// problem is a line about a file: where, and what is wrong with it.
func (m *messages) problem(p *source.Problem) string {
	what := m.problemKind(p)
	if p.Line > 0 {
		return fmt.Sprintf(m.ProblemAtLine, p.Path, p.Line, what)
	}
	return fmt.Sprintf(m.ProblemInFile, p.Path, what)
}

func (m *messages) problemKind(p *source.Problem) string {
	switch {
	case errors.Is(p, source.ErrEmpty):
		return m.FileEmpty
	case errors.Is(p, source.ErrBinary):
		return m.FileBinary
	case errors.Is(p, source.ErrTooLarge):
		return m.FileTooLarge
	case errors.Is(p, source.ErrCharset):
		return m.FileCharset
	case errors.Is(p, source.ErrFormat) && p.Line > 0:
		return m.LineFormat
	case errors.Is(p, source.ErrFormat):
		return m.FileFormat
	case errors.Is(p, source.ErrLoop):
		return m.FileLoop
	case errors.Is(p, source.ErrTruncated):
		return m.FileTruncated
	case errors.Is(p, source.ErrDate):
		return m.FileDate
	case errors.Is(p, fs.ErrPermission):
		return m.FilePermission
	case errors.Is(p, fs.ErrNotExist):
		return m.FileMissing
	}
	return fmt.Sprintf(m.FileOther, p.Err)
}

// harmless reports whether all the text there is was read in spite of a problem.
func harmless(p *source.Problem) bool {
	return errors.Is(p, source.ErrTruncated) || errors.Is(p, source.ErrDate) || errors.Is(p, source.ErrLoop)
}
