package llm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What can go wrong with a call. Each is found with errors.Is.
var (
	ErrUnauthorized = errors.New("the key is missing or refused")
	ErrNoModel      = errors.New("the server does not have the model")
	ErrNotFound     = errors.New("nothing answers under this address")
	ErrRequest      = errors.New("the server does not accept the request")
	ErrServer       = errors.New("the server failed")
	ErrBusy         = errors.New("the server is busy") // always a *BusyError
	ErrContext      = errors.New("the prompt is longer than the model's context")
	ErrTimeout      = errors.New("the server took too long") // always a *TimeoutError
	ErrUnreachable  = errors.New("the server cannot be reached")
	// ErrCut is a stream that ended before the model said why it stopped.
	ErrCut       = errors.New("the answer was cut off")
	ErrStream    = errors.New("the server reported an error in the middle of the answer")
	ErrMalformed = errors.New("the server's answer is not of the protocol")
	ErrEmpty     = errors.New("the answer is empty")
	// ErrDown is a call not made because the last ones failed.
	ErrDown    = errors.New("the server failed repeatedly and is left alone for a while")
	ErrTooLong = errors.New("the answer does not end")
	ErrRepeats = errors.New("the answer repeats itself")
	// ErrDim is a vector of another length than the embedder's.
	ErrDim = errors.New("the vectors have another length")
)

// Phase is the part of a call that took too long.
type Phase string

// The phases.
const (
	PhaseConnect       Phase = "connect"
	PhaseFirstToken    Phase = "first token"
	PhaseBetweenTokens Phase = "between tokens"
	PhaseTotal         Phase = "total"
)

// TimeoutError is ErrTimeout with what took too long.
type TimeoutError struct {
	Phase Phase
	Limit time.Duration
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%v (%s: %v)", ErrTimeout, e.Phase, e.Limit)
}

// Unwrap is ErrTimeout.
func (e *TimeoutError) Unwrap() error { return ErrTimeout }

// BusyError is ErrBusy: the server answered 429 or 503.
type BusyError struct {
	Status int
	// RetryAfter is the wait that the server asked for, 0 where it did not.
	RetryAfter time.Duration
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%v (status %d, retry after %v)", ErrBusy, e.Status, e.RetryAfter)
}

// Unwrap is ErrBusy.
func (e *BusyError) Unwrap() error { return ErrBusy }

// StatusError is an error that the server told. It holds nothing of the server's
// prose, which may repeat the prompt or the key.
type StatusError struct {
	// Status is the HTTP status; 200 for an error in mid-stream.
	Status int
	// Code is the server's own code (model_not_found), "" where it gave none.
	Code string
	// Kind is one of the errors above.
	Kind error
}

func (e *StatusError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("%v (status %d)", e.Kind, e.Status)
	}
	return fmt.Sprintf("%v (status %d, code %s)", e.Kind, e.Status, e.Code)
}

// Unwrap is Kind.
func (e *StatusError) Unwrap() error { return e.Kind }

// Fault names what went wrong, for a front end to put in words.
type Fault string

// The faults, one for each error above, and two more.
const (
	FaultNone         Fault = ""
	FaultUnauthorized Fault = "unauthorized"
	FaultNoModel      Fault = "no_model"
	FaultNotFound     Fault = "not_found"
	FaultRequest      Fault = "request"
	FaultServer       Fault = "server"
	FaultBusy         Fault = "busy"
	FaultContext      Fault = "context"
	FaultTimeout      Fault = "timeout"
	FaultUnreachable  Fault = "unreachable"
	FaultCut          Fault = "cut"
	FaultStream       Fault = "stream"
	FaultMalformed    Fault = "malformed"
	FaultEmpty        Fault = "empty"
	FaultDown         Fault = "down"
	FaultTooLong      Fault = "too_long"
	FaultRepeats      Fault = "repeats"
	FaultDim          Fault = "dim"
	// FaultCanceled is a call that its caller gave up.
	FaultCanceled Fault = "canceled"
	// FaultOther is an error that is not of this package.
	FaultOther Fault = "other"
)

// FaultOf names an error; nil is FaultNone.
func FaultOf(err error) Fault {
	if err == nil {
		return FaultNone
	}
	for _, k := range []struct {
		err   error
		fault Fault
	}{
		{ErrUnauthorized, FaultUnauthorized}, {ErrNoModel, FaultNoModel}, {ErrNotFound, FaultNotFound},
		{ErrRequest, FaultRequest}, {ErrServer, FaultServer}, {ErrBusy, FaultBusy}, {ErrContext, FaultContext},
		{ErrTimeout, FaultTimeout}, {ErrUnreachable, FaultUnreachable}, {ErrCut, FaultCut}, {ErrStream, FaultStream},
		{ErrMalformed, FaultMalformed}, {ErrEmpty, FaultEmpty}, {ErrDown, FaultDown}, {ErrTooLong, FaultTooLong},
		{ErrRepeats, FaultRepeats}, {ErrDim, FaultDim},
		{context.Canceled, FaultCanceled}, {context.DeadlineExceeded, FaultTimeout},
	} {
		if errors.Is(err, k.err) {
			return k.fault
		}
	}
	return FaultOther
}
