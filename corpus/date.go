package corpus

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar date as a newspaper prints it. Month and Day may be zero
// when only the year, or the year and month, are known; the zero Date is unknown.
type Date struct {
	Year, Month, Day int
}

// ParseDate reads "2024-12-31", "2024-12" or "2024"; "" is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	fields := strings.Split(s, "-")
	if len(fields) > 3 {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	var v [3]int
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n <= 0 {
			return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", s)
		}
		v[i] = n
	}
	d := Date{v[0], v[1], v[2]}
	if !d.Valid() {
		return Date{}, fmt.Errorf("date %q: no such day", s)
	}
	return d, nil
}

// Valid reports whether d is zero or names a year, month or day that exists.
func (d Date) Valid() bool {
	switch {
	case d == Date{}:
		return true
	case d.Year < 1 || d.Year > 9999 || d.Month < 0 || d.Month > 12 || d.Day < 0:
		return false
	case d.Month == 0:
		return d.Day == 0
	case d.Day == 0:
		return true
	}
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
	return t.Day() == d.Day && int(t.Month()) == d.Month
}

// IsZero reports whether nothing is known of the date.
func (d Date) IsZero() bool { return d == Date{} }

// Compare orders dates; an unknown month or day sorts first within its year or month.
func (d Date) Compare(e Date) int {
	a, b := d.Year*10000+d.Month*100+d.Day, e.Year*10000+e.Month*100+e.Day
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// AddDays returns the day n days later; d must name a day.
func (d Date) AddDays(n int) Date {
	t := time.Date(d.Year, time.Month(d.Month), d.Day+n, 0, 0, 0, 0, time.UTC)
	return Date{t.Year(), int(t.Month()), t.Day()}
}

// String is the ISO form, as long as what is known: "2024-12-31", "2024-12", "2024", "".
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
