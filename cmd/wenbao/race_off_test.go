//go:build !race

package main

// raceEnabled says that the race detector is at work.
const raceEnabled = false
