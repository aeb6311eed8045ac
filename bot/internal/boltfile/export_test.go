package boltfile

// Rewrites is how many rewrites have begun.
func (f *File) Rewrites() int64 { return f.begun.Load() }
