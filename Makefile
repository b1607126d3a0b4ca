# Two commands do everything on a fresh Debian 12 with the .NET 10 SDK: make demo, make test.
ARGS ?=

.PHONY: demo test build setup bench format check-format clean

demo: setup build
	@./robotics demo $(ARGS)

test: setup-test build
	@scripts/test.sh

bench: setup-test build
	@for b in inference sim stream "stream --learn" fly sac link pendulum hover; do echo "bench $$b"; ./robotics bench $$b $(ARGS); done

build:
	@scripts/build.sh

setup:
	@scripts/setup.sh demo

setup-test:
	@scripts/setup.sh test

format:
	@dotnet format whitespace . --folder

check-format:
	@dotnet format whitespace . --folder --verify-no-changes

clean:
	@find . -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
