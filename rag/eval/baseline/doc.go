// Package baseline holds what wenbao is measured against: BM25 over pairs of
// characters, and an embedder that has learned nothing. Both are for measuring
// alone; no answer comes from them.
package baseline
