# Two commands do everything: make run, make test. The work is in packaging/make/*.sh.
.DEFAULT_GOAL := help
.PHONY: help run test check browser bench

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, start the server and this machine's agent, print the address (PORT=7655 DATA=./data)
	@PORT='$(PORT)' DATA='$(DATA)' sh packaging/make/run.sh

test: ## everything CI runs: formatting, lints, all tests, the dashboard, a browser
	@sh packaging/make/test.sh

check: ## the quick half of it: formatting, lints, house rules, unit tests
	@cargo xtask check

browser: ## the browser flow alone; screenshots in target/browser
	@sh packaging/make/browser.sh

bench: ## measure against the budgets of docs/PERFORMANCE.md
	@cargo xtask bench
