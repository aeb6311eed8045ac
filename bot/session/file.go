package session

import (
	"context"
	"fmt"
	"time"

	"wenbao/bot"
	"wenbao/bot/internal/boltfile"
)

var (
	// ErrLocked says that another program uses the file.
	ErrLocked = boltfile.ErrLocked
	// ErrDamaged says that the content of the file is not what was written.
	ErrDamaged = boltfile.ErrDamaged
	// ErrNewer says that a newer version of the program wrote the file.
	ErrNewer = boltfile.ErrNewer
	// ErrClosed is what a closed File gives.
	ErrClosed = boltfile.ErrClosed
)

// File is a bot.Store in a file. A done context gives its error; once begun, no
// method is cut short.
type File struct {
	file *boltfile.File
}

var _ bot.Store = (*File)(nil)

// Open opens the file at path, and begins one where there is none. The error
// wraps ErrLocked, ErrDamaged or ErrNewer where it is one of these.
func Open(path string) (*File, error) {
	file, err := boltfile.Open(path, format())
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return &File{file}, nil
}

// Close waits for what is being written and closes the file.
func (f *File) Close() error {
	if err := f.file.Close(); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

// Session implements bot.Sessions.
func (f *File) Session(ctx context.Context, k bot.Key) (s bot.Session, err error) {
	err = f.view(ctx, func(tx tx) error {
		s, err = tx.session(k)
		return err
	})
	if err != nil {
		return bot.Session{}, err
	}
	return s, nil
}

// UpdateSession implements bot.Sessions. The change may be called more than once,
// each time with the session as it was; it must not use the store.
func (f *File) UpdateSession(ctx context.Context, k bot.Key, change func(*bot.Session)) error {
	return f.update(ctx, func(tx tx) error {
		s, err := tx.session(k)
		if err != nil {
			return err
		}
		used := s.Used
		change(&s)
		return tx.setSession(k, used, s)
	})
}

// PutAnswer implements bot.Answers.
func (f *File) PutAnswer(ctx context.Context, a bot.Answer) error {
	b, err := encode(ctx, a)
	if err != nil {
		return err
	}
	return f.update(ctx, func(tx tx) error {
		if err := tx.deleteAnswer(a.ID); err != nil {
			return err
		}
		return tx.putAnswer(a, b)
	})
}

// Answer implements bot.Answers.
func (f *File) Answer(ctx context.Context, id string) (a bot.Answer, err error) {
	err = f.view(ctx, func(tx tx) error {
		a, err = tx.answer(id)
		return err
	})
	if err != nil {
		return bot.Answer{}, err
	}
	return a, nil
}

// UpdateAnswer implements bot.Answers.
func (f *File) UpdateAnswer(ctx context.Context, id string, change func(*bot.Answer)) error {
	return f.update(ctx, func(tx tx) error {
		a, err := tx.answer(id)
		if err != nil {
			return err
		}
		change(&a)
		return tx.PutJSON(answers, []byte(id), a)
	})
}

// PutOpinion implements bot.Opinions.
func (f *File) PutOpinion(ctx context.Context, o bot.Opinion) error {
	b, err := encode(ctx, o)
	if err != nil {
		return err
	}
	return f.update(ctx, func(tx tx) error {
		if _, err := tx.answer(o.Answer.ID); err != nil {
			return err
		}
		if err := tx.deleteOpinion(o.User, o.Answer.ID); err != nil {
			return err
		}
		return tx.putOpinion(o, b)
	})
}

// EachOpinion implements bot.Opinions.
func (f *File) EachOpinion(ctx context.Context, see func(bot.Opinion) error) error {
	return f.view(ctx, func(tx tx) error {
		return tx.Scan(opinions, nil, nil, func(_, value []byte) error {
			o, err := decode[bot.Opinion](value)
			if err != nil {
				return err
			}
			return see(o)
		})
	})
}

// Opinions implements bot.Opinions.
func (f *File) Opinions(ctx context.Context) (good, bad int, err error) {
	err = f.view(ctx, func(tx tx) error {
		return tx.Scan(opinions, nil, nil, func(_, value []byte) error {
			v, err := decode[verdict](value)
			if v.Good {
				good++
			} else {
				bad++
			}
			return err
		})
	})
	if err != nil {
		return 0, 0, err
	}
	return good, bad, nil
}

// Spend implements bot.Switches.
func (f *File) Spend(ctx context.Context, user, event int64, day string, limit int) (ok bool, err error) {
	err = f.update(ctx, func(tx tx) error {
		ok, err = tx.spend(user, event, day, limit)
		return err
	})
	return ok && err == nil, err
}

// Maintenance implements bot.Switches.
func (f *File) Maintenance(ctx context.Context) (on bool, err error) {
	err = f.view(ctx, func(tx tx) error {
		_, err := tx.GetJSON(switches, []byte(maintenanceKey), &on)
		return err
	})
	return on && err == nil, err
}

// SetMaintenance implements bot.Switches.
func (f *File) SetMaintenance(ctx context.Context, on bool) error {
	return f.update(ctx, func(tx tx) error {
		return tx.PutJSON(switches, []byte(maintenanceKey), on)
	})
}

// Forget implements bot.Store. Other users' opinions of the user's answers hold
// the user's questions and are deleted too. It writes the file anew, during which
// the other methods wait (0.1 s for 20 MB); calls at the same time share that.
func (f *File) Forget(ctx context.Context, user int64) error {
	if err := f.update(ctx, func(tx tx) error { return tx.forget(user) }); err != nil {
		return err
	}
	return f.rewrite(ctx)
}

// Move implements bot.Store. Where a conversation goes on in both chats, the
// session that changed last stays.
func (f *File) Move(ctx context.Context, from, to int64) error {
	if from == to {
		return ctx.Err()
	}
	return f.update(ctx, func(tx tx) error {
		if err := tx.moveSessions(from, to); err != nil {
			return err
		}
		return tx.moveAnswers(from, to)
	})
}

// Expire implements bot.Store.
func (f *File) Expire(ctx context.Context, sessions, answers time.Time) error {
	var expired int
	err := f.update(ctx, func(tx tx) (err error) {
		expired, err = tx.expire(sessions, answers)
		return err
	})
	if err != nil || expired == 0 || !f.file.Sparse() {
		return err
	}
	return f.rewrite(ctx)
}

func (f *File) rewrite(ctx context.Context) error {
	if err := f.file.Rewrite(ctx); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

func (f *File) view(ctx context.Context, read func(tx) error) error {
	if err := f.file.View(ctx, func(t *boltfile.Tx) error { return read(tx{t}) }); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

func (f *File) update(ctx context.Context, change func(tx) error) error {
	if err := f.file.Update(ctx, func(t *boltfile.Tx) error { return change(tx{t}) }); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}
