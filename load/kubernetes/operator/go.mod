module k6operator

go 1.26

require github.com/grafana/k6-operator v1.5.0
