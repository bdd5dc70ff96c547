// Package steps runs the steps of a client's program, prints each with its verdict, and ends as
// the programs of all clients do. A step fails by panicking.
package steps

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
)

// Run calls each exported method of the suite as one step; the process fails when one did.
func Run(suite any) {
	value, failed := reflect.ValueOf(suite), 0
	for i := range value.NumMethod() {
		name, step := value.Type().Method(i).Name, value.Method(i)
		if why := attempt(func() { step.Call(nil) }); why != "" {
			failed++
			fmt.Printf("%s FAILED\n%s\n", name, why)
		} else {
			fmt.Printf("%s ok\n", name)
		}
	}
	if failed > 0 {
		fmt.Printf("%d of %d failed\n", failed, value.NumMethod())
		os.Exit(1)
	}
	fmt.Println("all passed")
}

func attempt(step func()) (why string) {
	defer func() {
		if cause := recover(); cause != nil {
			why = fmt.Sprintf("%v\n%s", cause, debug.Stack())
		}
	}()
	step()
	return ""
}

// Must is the value of a call that succeeds.
func Must[T any](value T, err error) T {
	Succeeds(err)
	return value
}

// Succeeds is for calls that have nothing to say.
func Succeeds(err error) {
	if err != nil {
		panic(fmt.Sprintf("%T: %v", err, err))
	}
}

// Refused is the error of a call, as the client's own type for what a registry answers.
func Refused[E error](err error) E {
	var refusal E
	if !errors.As(err, &refusal) {
		panic(fmt.Sprintf("was not refused by the registry: %T %v", err, err))
	}
	return refusal
}

// Equal compares what the registry said with what it has to say.
func Equal[T any](said, wanted T) {
	if !reflect.DeepEqual(said, wanted) {
		panic(fmt.Sprintf("said   %+v\nwanted %+v", said, wanted))
	}
}

// Holds is for what is no equality.
func Holds(fact bool, about any) {
	if !fact {
		panic(fmt.Sprintf("does not hold: %+v", about))
	}
}

// Lists asserts that each of the wanted is among what was listed.
func Lists[T comparable](listed []T, wanted ...T) {
	for _, one := range wanted {
		Holds(slices.Contains(listed, one), fmt.Sprintf("%v is in %v", one, listed))
	}
}

// ListsNo asserts the contrary.
func ListsNo[T comparable](listed []T, unwanted T) {
	Holds(!slices.Contains(listed, unwanted), fmt.Sprintf("%v is not in %v", unwanted, listed))
}

// Mentions asserts that a text holds a part.
func Mentions(text, part string) {
	Holds(strings.Contains(text, part), fmt.Sprintf("%q is in %q", part, text))
}
